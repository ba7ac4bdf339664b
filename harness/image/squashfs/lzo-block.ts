import { byteAt, copyMatch } from './lz4-block.ts'

/** Literals that the previous instruction copied; 4 stands for "a long run". It selects the meaning of codes under 16. */
type LiteralState = 0 | 1 | 2 | 3 | 4

interface Match {
  distance: number
  matchBytes: number
  /** Literals (0 to 3) that follow the match. */
  literalBytes: number
}

/**
 * Decodes one LZO1X block (Linux, Documentation/staging/lzo.rst) into at most `maxBytes`. Throws RangeError where the
 * input reads or writes outside its bounds.
 */
export function decodeLzoBlock(input: Uint8Array, maxBytes: number): Buffer {
  return new LzoBlock(input, maxBytes).decode()
}

class LzoBlock {
  readonly #input: Uint8Array
  readonly #output: Buffer
  #from = 0
  #to = 0
  #state: LiteralState = 0

  constructor(input: Uint8Array, maxBytes: number) {
    this.#input = input
    this.#output = Buffer.allocUnsafe(maxBytes)
  }

  decode(): Buffer {
    if (byteAt(this.#input, 0) > 17) this.#copyLiterals(this.#nextByte() - 17)
    for (;;) {
      const code = this.#nextByte()
      if (code < 16 && this.#state === 0) {
        this.#copyLiterals(this.#extend(code, 15) + 3)
        continue
      }
      const match = this.#match(code)
      if (match === undefined) return this.#output.subarray(0, this.#to)
      copyMatch(this.#output, this.#to, match.distance, match.matchBytes)
      this.#to += match.matchBytes
      this.#copyLiterals(match.literalBytes)
    }
  }

  /** The match that a code stands for; undefined for the end mark. */
  #match(code: number): Match | undefined {
    if (code < 16) return this.#shortMatch(code)
    if (code < 32) return this.#farMatch(code)
    if (code < 64) return this.#middleMatch(code)
    const distance = (this.#nextByte() << 3) + ((code >> 2) & 7) + 1
    return { distance, matchBytes: (code >> 5) + 1, literalBytes: code & 3 }
  }

  #shortMatch(code: number): Match {
    const distance = (this.#nextByte() << 2) + (code >> 2) + 1
    const afterLongRun = this.#state === 4
    return {
      distance: afterLongRun ? distance + 0x800 : distance,
      matchBytes: afterLongRun ? 3 : 2,
      literalBytes: code & 3,
    }
  }

  #middleMatch(code: number): Match {
    const matchBytes = this.#extend(code & 31, 31) + 2
    const packed = this.#nextWord()
    return { distance: (packed >> 2) + 1, matchBytes, literalBytes: packed & 3 }
  }

  #farMatch(code: number): Match | undefined {
    const matchBytes = this.#extend(code & 7, 7) + 2
    const packed = this.#nextWord()
    const distance = ((code & 8) << 11) + (packed >> 2)
    return distance === 0 ? undefined : { distance: distance + 0x4000, matchBytes, literalBytes: packed & 3 }
  }

  /** A length of zero goes on in further bytes: 255 for each zero byte, then the first other byte, plus `base`. */
  #extend(length: number, base: number): number {
    if (length !== 0) return length
    let extended = base
    for (;;) {
      const byte = this.#nextByte()
      if (byte !== 0) return extended + byte
      extended += 255
    }
  }

  #copyLiterals(literalBytes: number): void {
    const end = this.#from + literalBytes
    if (end > this.#input.length || this.#to + literalBytes > this.#output.length)
      throw new RangeError('lzo literals run over')
    this.#output.set(this.#input.subarray(this.#from, end), this.#to)
    this.#from = end
    this.#to += literalBytes
    this.#state = Math.min(literalBytes, 4) as LiteralState
  }

  #nextWord(): number {
    return this.#nextByte() | (this.#nextByte() << 8)
  }

  #nextByte(): number {
    return byteAt(this.#input, this.#from++)
  }
}
