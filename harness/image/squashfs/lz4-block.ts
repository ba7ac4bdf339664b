const minimalMatchBytes = 4

/**
 * Decodes one LZ4 block (lz4 "Block Format Description") into at most `maxBytes`. Throws RangeError where the input
 * reads or writes outside its bounds.
 */
export function decodeLz4Block(input: Uint8Array, maxBytes: number): Buffer {
  const output = Buffer.allocUnsafe(maxBytes)
  let from = 0
  let to = 0
  const extendLength = (length: number): number => {
    if (length !== 15) return length
    for (let byte = 255; byte === 255; length += byte) byte = byteAt(input, from++)
    return length
  }
  while (from < input.length) {
    const token = byteAt(input, from++)
    const literalBytes = extendLength(token >> 4)
    if (from + literalBytes > input.length || to + literalBytes > maxBytes)
      throw new RangeError('lz4 literals run over')
    output.set(input.subarray(from, from + literalBytes), to)
    from += literalBytes
    to += literalBytes
    if (from === input.length) break
    const distance = byteAt(input, from++) | (byteAt(input, from++) << 8)
    const matchBytes = extendLength(token & 15) + minimalMatchBytes
    copyMatch(output, to, distance, matchBytes)
    to += matchBytes
  }
  return output.subarray(0, to)
}

/** Copies bytes already written, `distance` back; source and target may overlap, which repeats a pattern. */
export function copyMatch(output: Buffer, to: number, distance: number, matchBytes: number): void {
  if (distance === 0 || distance > to || to + matchBytes > output.length) throw new RangeError('match runs over')
  if (distance >= matchBytes) {
    output.copyWithin(to, to - distance, to - distance + matchBytes)
    return
  }
  for (let index = to; index < to + matchBytes; index++) output[index] = output[index - distance] as number
}

export function byteAt(input: Uint8Array, index: number): number {
  const byte = input[index]
  if (byte === undefined) throw new RangeError('input ends early')
  return byte
}
