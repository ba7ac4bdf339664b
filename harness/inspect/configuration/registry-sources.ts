import type { Layer, Values } from './layers.ts'

/** One `[[registry]]` in force and the file it stands in. */
export interface RegistryRow {
  path: string
  prefix: string
  location: string
  isBlocked: boolean
  isInsecure: boolean
}

const text = (value: unknown): string => (typeof value === 'string' ? value.replace(/\/+$/, '') : '')

/**
 * The rows of all files: of one prefix the last file's counts, and of one file's the first (sysregistriesv2,
 * updateWithConfigurationFrom and postProcessRegistries).
 */
export function registryRowsInForce(layers: readonly Layer[]): RegistryRow[] {
  const rows = new Map<string, RegistryRow>()
  for (const { path, values } of layers) {
    const own = (Array.isArray(values.registry) ? (values.registry as Values[]) : []).map((row) => readRow(path, row))
    for (const row of own.reverse()) rows.set(row.prefix, row)
  }
  return [...rows.values()]
}

const readRow = (path: string, row: Values): RegistryRow => ({
  path,
  prefix: text(row.prefix) || text(row.location),
  location: text(row.location),
  isBlocked: row.blocked === true,
  isInsecure: row.insecure === true,
})

/** How much of a name a prefix matches; undefined where it does not (sysregistriesv2, refMatchingPrefix). */
function matchedLength(name: string, prefix: string): number | undefined {
  const ending = prefix.startsWith('*.') ? prefix.slice(1) : undefined
  const start = ending === undefined ? 0 : name.indexOf(ending)
  const matched = ending ?? prefix
  if (matched === '' || start < 0 || !name.startsWith(matched, start) || name.slice(0, start).includes('/'))
    return undefined
  const end = start + matched.length
  return end === name.length || ':/@'.includes(name[end] as string) ? end : undefined
}

/** Where podman pulls a full name from in the end, and the row that decides; the longest prefix wins. */
export function sourceOf(name: string, rows: readonly RegistryRow[]): { source: string; row: RegistryRow } | undefined {
  const matching = rows.filter(({ prefix }) => matchedLength(name, prefix) !== undefined)
  const [row] = matching.sort((a, b) => b.prefix.length - a.prefix.length)
  if (row === undefined) return undefined
  const rest = name.slice(matchedLength(name, row.prefix))
  return { source: row.location === '' ? name : row.location + rest, row }
}

/** Whether two names are of one registry: the same host, or one below it, such as registry-1.docker.io. */
export function isSameRegistry(name: string, source: string): boolean {
  const [host, other] = [name, source].map((each) => each.split('/', 1)[0] ?? '')
  return other === host || (other as string).endsWith(`.${host}`)
}
