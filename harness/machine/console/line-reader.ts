/** A reader's room when it is new; most lines are shorter, and that of a long one is not kept. */
const firstBytes = 4096
const keptBytes = 64 * 1024

/**
 * Cuts a stream of bytes into lines, however small the pieces are in which they come: a guest that sends a byte at a time costs a
 * byte for each. A line longer than `maxLineBytes` comes as several, of which only the last is at its end.
 */
export class LineReader {
  #room = Buffer.alloc(firstBytes)
  #filledBytes = 0
  readonly #maxLineBytes: number
  readonly #onLine: (line: Buffer, isAtEnd: boolean) => void

  /** @param onLine takes each line without its line end; the bytes are there until it returns */
  constructor(maxLineBytes: number, onLine: (line: Buffer, isAtEnd: boolean) => void) {
    this.#maxLineBytes = maxLineBytes
    this.#onLine = onLine
  }

  /** What has come of a line that is not at its end. */
  get unfinished(): Buffer {
    return this.#room.subarray(0, this.#filledBytes)
  }

  take(chunk: Buffer): void {
    let rest = chunk
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      this.#add(rest.subarray(0, end))
      this.#pass(true)
      rest = rest.subarray(end + 1)
    }
    this.#add(rest)
  }

  /** The stream has ended: what has come of a line is the last one. */
  end(): void {
    if (this.#filledBytes > 0) this.#pass(true)
  }

  #pass(isAtEnd: boolean): void {
    const line = this.unfinished
    this.#filledBytes = 0
    this.#onLine(line, isAtEnd)
    if (this.#room.length > keptBytes) this.#room = Buffer.alloc(firstBytes)
  }

  #add(piece: Buffer): void {
    let rest = piece
    while (this.#filledBytes + rest.length > this.#maxLineBytes) {
      const fitting = rest.subarray(0, this.#maxLineBytes - this.#filledBytes)
      this.#append(fitting)
      this.#pass(false)
      rest = rest.subarray(fitting.length)
    }
    this.#append(rest)
  }

  #append(piece: Buffer): void {
    const neededBytes = this.#filledBytes + piece.length
    if (neededBytes > this.#room.length) {
      const larger = Buffer.alloc(Math.min(this.#maxLineBytes, Math.max(neededBytes, 2 * this.#room.length)))
      this.unfinished.copy(larger)
      this.#room = larger
    }
    piece.copy(this.#room, this.#filledBytes)
    this.#filledBytes = neededBytes
  }
}
