/** The candidate a mistyped word most likely meant, or undefined where none is close. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const scored = candidates
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance)
  const [best] = scored
  return best && best.distance <= Math.max(1, Math.floor(best.candidate.length / 3)) ? best.candidate : undefined
}

/** A word longer than this is no typing slip, and comparing it would cost time for nothing. */
const longestWord = 64

/** Levenshtein distance: insertions, deletions and replacements that turn one word into the other. */
export function editDistance(from: string, to: string): number {
  if (from.length > longestWord || to.length > longestWord) return longestWord
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [line, letter] of [...from].entries()) row = nextRow(row, line + 1, letter, to)
  return row.at(-1) as number
}

function nextRow(row: readonly number[], first: number, letter: string, to: string): number[] {
  const next = [first]
  for (let column = 1; column <= to.length; column++) {
    const replaced = (row[column - 1] as number) + (to[column - 1] === letter ? 0 : 1)
    next.push(Math.min(replaced, (row[column] as number) + 1, (next[column - 1] as number) + 1))
  }
  return next
}
