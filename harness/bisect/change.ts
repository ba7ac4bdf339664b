/** The smallest thing in which two images can be mixed: taken from GOOD or from BAD. */
export type Part =
  /** All that stands at a path, which may be nothing. */
  | { kind: 'entry'; path: string }
  /** Mode and owner of a file whose lines are parts. */
  | { kind: 'attributes'; path: string }
  /** One change of lines of a text, by its place among those of that text. */
  | { kind: 'line'; path: string; index: number }
  /** What the package database says of a package. */
  | { kind: 'record'; package: string }

/** What lies between two images, at one level of detail: parts that are taken together. */
export interface Change {
  kind: 'package' | 'file' | 'line'
  /** For people: `podman 5.4.2 → 5.5.0`, a path, or a path and what becomes of one of its lines. */
  name: string
  /** The package that it is a part of, by the name of that change. */
  of?: string
  parts: readonly Part[]
}

export const partKey = (part: Part): string =>
  part.kind === 'record'
    ? `record ${part.package}`
    : `${part.kind} ${part.path}${part.kind === 'line' ? ` ${part.index}` : ''}`

/** Two paths that only work when they come from the same image. */
export type Tie = readonly [path: string, other: string]

const pathIn = (part: Part): string | undefined => ('path' in part ? part.path : undefined)

/** The same changes, those with tied paths made one. */
export function joinTied(changes: readonly Change[], ties: readonly Tie[]): Change[] {
  const changeOf = new Map<string, Change>()
  for (const change of changes)
    for (const part of change.parts) {
      const path = pathIn(part)
      if (path !== undefined) changeOf.set(path, change)
    }
  const joined = new Map<Change, Set<Change>>(changes.map((change) => [change, new Set([change])]))
  for (const [path, other] of ties) {
    const [one, two] = [changeOf.get(path), changeOf.get(other)].map((change) => change && joined.get(change))
    if (one === undefined || two === undefined || one === two) continue
    for (const change of two) joined.set(change, one.add(change))
  }
  return [...new Set(joined.values())].map((group) => oneOf([...group]))
}

function oneOf(group: readonly Change[]): Change {
  const [first] = group as [Change]
  if (group.length === 1) return first
  return {
    kind: first.kind,
    name: group.map(({ name }) => name).join(' + '),
    parts: group.flatMap(({ parts }) => parts),
  }
}
