/** A text as lines that two texts have in common, and places where they differ, in order. */
export type LineScript = readonly (string | LineChange)[]

/** One line in the place of another, a new line, or one that is gone; lines keep their ends. */
export interface LineChange {
  removed?: string
  added?: string
}

/** Longer texts are not divided: the table of their lines would take more than 16 MiB. */
const maxCells = 4_000_000

/** How one text becomes another, line by line; undefined for texts that are too long. */
export function lineScript(before: string, after: string): LineScript | undefined {
  const [old, fresh] = [linesOf(before), linesOf(after)]
  const [head, tail] = commonEnds(old, fresh)
  const middle = [old, fresh].map((lines) => lines.slice(head, lines.length - tail)) as [string[], string[]]
  if (middle[0].length * middle[1].length > maxCells) return undefined
  return [...old.slice(0, head), ...paired(steps(...middle)), ...old.slice(old.length - tail)]
}

/** The text with some of the changes, by their place among the script's changes. */
export function textWith(script: LineScript, chosen: ReadonlySet<number>): string {
  let index = 0
  return script
    .map((step) => (typeof step === 'string' ? step : ((chosen.has(index++) ? step.added : step.removed) ?? '')))
    .join('')
}

export const changesIn = (script: LineScript): LineChange[] => script.filter((step) => typeof step !== 'string')

const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? []

/** How many lines at the beginning and the end two texts share. */
function commonEnds(old: readonly string[], fresh: readonly string[]): [number, number] {
  const shortest = Math.min(old.length, fresh.length)
  let head = 0
  while (head < shortest && old[head] === fresh[head]) head++
  let tail = 0
  while (tail < shortest - head && old.at(-1 - tail) === fresh.at(-1 - tail)) tail++
  return [head, tail]
}

/** Single lines kept, removed and added, by a longest common subsequence. */
function steps(old: readonly string[], fresh: readonly string[]): LineScript {
  const width = fresh.length + 1
  const longest = new Uint32Array((old.length + 1) * width)
  const at = (i: number, j: number) => longest[i * width + j] as number
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = fresh.length - 1; j >= 0; j--)
      longest[i * width + j] = old[i] === fresh[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const script: (string | LineChange)[] = []
  let [i, j] = [0, 0]
  while (i < old.length || j < fresh.length) {
    if (i < old.length && j < fresh.length && old[i] === fresh[j]) {
      script.push(old[i++] as string)
      j++
    } else if (j >= fresh.length || (i < old.length && at(i + 1, j) >= at(i, j + 1)))
      script.push({ removed: old[i++] as string })
    else script.push({ added: fresh[j++] as string })
  }
  return script
}

/** A run of as many removed lines as added ones is lines that changed, each by itself. */
function paired(script: LineScript): LineScript {
  const result: (string | LineChange)[] = []
  let run: LineChange[] = []
  const end = () => {
    const [removed, added] = [run.flatMap((step) => step.removed ?? []), run.flatMap((step) => step.added ?? [])]
    if (removed.length === added.length)
      result.push(...removed.map((line, index) => ({ removed: line, added: added[index] as string })))
    else result.push(...run)
    run = []
  }
  for (const step of script) {
    if (typeof step !== 'string') run.push(step)
    else {
      end()
      result.push(step)
    }
  }
  end()
  return result
}
