/** A range of ids that an account may give to its containers. */
export interface IdRange {
  name: string
  start: number
  count: number
}

/** Ranges of /etc/subuid or /etc/subgid, and the lines that are none (subuid(5)). */
export function readIdRanges(text: string): { ranges: IdRange[]; malformed: string[] } {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  const parsed = lines.map((line) => ({ line, match: /^([^:]+):(\d+):(\d+)$/.exec(line) }))
  return {
    ranges: parsed.flatMap(({ match }) =>
      match ? [{ name: match[1] ?? '', start: Number(match[2]), count: Number(match[3]) }] : [],
    ),
    malformed: parsed.filter(({ match }) => match === null).map(({ line }) => line),
  }
}
