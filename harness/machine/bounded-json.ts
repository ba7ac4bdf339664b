export interface JsonBounds {
  /** Objects and lists within each other. */
  depth: number
  /** Objects, lists, strings and what stands behind commas, all together. */
  values: number
}

const [quote, backslash, comma, openList, closeList, openObject, closeObject] = [...'"\\,[]{}'].map((character) =>
  character.charCodeAt(0),
) as [number, number, number, number, number, number, number]

/**
 * Reads JSON that somebody unknown wrote. Undefined where it is none, and where it passes a bound, which is seen before anything is
 * made of it: 62 MB of `[` take 5 GB and a minute to parse.
 */
export function parseBounded(text: Buffer, bounds: JsonBounds): unknown {
  if (!isWithin(text, bounds)) return undefined
  try {
    return JSON.parse(text.toString('utf8'))
  } catch {
    return undefined
  }
}

/** Counts brackets, commas and strings. Of a text that is no JSON it says nothing, and the parser refuses that. */
function isWithin(text: Buffer, bounds: JsonBounds): boolean {
  let depth = 0
  let values = 0
  for (let at = 0; at < text.length; at++) {
    const byte = text[at]
    if (byte === quote) at = endOfString(text, at + 1)
    if (byte === openList || byte === openObject) depth++
    else if (byte === closeList || byte === closeObject) depth--
    if (byte === openList || byte === openObject || byte === comma || byte === quote) values++
    if (depth > bounds.depth || values > bounds.values) return false
  }
  return true
}

/** Where the string ends whose first character stands at `start`. */
function endOfString(text: Buffer, start: number): number {
  let at = start
  while (at < text.length && text[at] !== quote) at += text[at] === backslash ? 2 : 1
  return at
}
