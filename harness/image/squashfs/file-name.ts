const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
/** A byte that is no UTF-8 becomes a lone surrogate, U+DC00 plus the byte, so that different names stay different. */
const escapedByteBase = 0xdc00

/** A name or path of the image as a string: UTF-8 where it is, else one unit per byte; exact and reversible. */
export function decodeName(bytes: Buffer): string {
  try {
    return strictUtf8.decode(bytes)
  } catch {
    return Array.from(bytes, (byte) => String.fromCharCode(byte < 0x80 ? byte : escapedByteBase + byte)).join('')
  }
}

/** The bytes that a decoded name stands for. */
export const encodeName = (name: string): Buffer =>
  name.isWellFormed() ? Buffer.from(name) : Buffer.concat(Array.from(name, encodeCharacter))

function encodeCharacter(character: string): Buffer {
  const byte = character.charCodeAt(0) - escapedByteBase
  return byte >= 0x80 && byte < 0x100 ? Buffer.of(byte) : Buffer.from(character)
}

/** A name for people: control characters, backslashes and undecodable bytes are escaped as in C (`\n`, `\x1b`). */
export function printableName(name: string): string {
  return name.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\\]/gu, (character) => {
    const code = character.codePointAt(0) as number
    if (character === '\\') return '\\\\'
    if (character === '\n') return '\\n'
    const byte = code >= escapedByteBase && code < escapedByteBase + 256 ? code - escapedByteBase : code
    return byte < 256 ? `\\x${byte.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
  })
}
