const headerBytes = 32
const frameHeaderBytes = 24
/** The last bit tells the byte order of the checksums. */
const magic = 0x377f0682

/**
 * The pages that a write-ahead log holds beyond its database, by number: what was written last and committed (SQLite,
 * "WAL Mode File Format"). A log that is empty, of another page size or broken at its start holds none, as for SQLite.
 */
export function committedPages(log: Buffer, pageBytes: number): Map<number, Buffer> {
  const committed = new Map<number, Buffer>()
  if (log.length < headerBytes || (log.readUInt32BE(0) & ~1) >>> 0 !== magic) return committed
  if (log.readUInt32BE(8) !== pageBytes) return committed
  const sum = new Checksum((log.readUInt32BE(0) & 1) === 1)
  sum.add(log.subarray(0, 24))
  if (!sum.equals(log, 24)) return committed
  const pending = new Map<number, Buffer>()
  for (
    let frame = headerBytes;
    frame + frameHeaderBytes + pageBytes <= log.length;
    frame += frameHeaderBytes + pageBytes
  ) {
    const page = log.subarray(frame + frameHeaderBytes, frame + frameHeaderBytes + pageBytes)
    sum.add(log.subarray(frame, frame + 8))
    sum.add(page)
    // Frames of an earlier use of the file follow the last one that counts; their salts are others.
    const isOfThisLog = log.subarray(16, 24).equals(log.subarray(frame + 8, frame + 16))
    if (!isOfThisLog || !sum.equals(log, frame + 16)) break
    pending.set(log.readUInt32BE(frame), page)
    const isCommit = log.readUInt32BE(frame + 4) !== 0
    if (!isCommit) continue
    for (const [number, written] of pending) committed.set(number, written)
    pending.clear()
  }
  return committed
}

/** Two sums over pairs of 32-bit words, each of which goes into the next. */
class Checksum {
  readonly #isBigEndian: boolean
  #first = 0
  #second = 0

  constructor(isBigEndian: boolean) {
    this.#isBigEndian = isBigEndian
  }

  add(bytes: Buffer): void {
    const word = (at: number) => (this.#isBigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at))
    for (let at = 0; at + 8 <= bytes.length; at += 8) {
      this.#first = (this.#first + word(at) + this.#second) >>> 0
      this.#second = (this.#second + word(at + 4) + this.#first) >>> 0
    }
  }

  equals(bytes: Buffer, at: number): boolean {
    return bytes.readUInt32BE(at) === this.#first && bytes.readUInt32BE(at + 4) === this.#second
  }
}
