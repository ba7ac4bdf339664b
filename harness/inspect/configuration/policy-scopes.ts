/** The list of requirements that holds for one source of an image, and where it stands in the policy. */
interface RulingList {
  place: string
  types: string[]
}

const isTable = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const typesOf = (list: unknown): string[] =>
  Array.isArray(list) ? list.flatMap((each) => (isTable(each) && typeof each.type === 'string' ? [each.type] : [])) : []

/** A name and what may stand for it, the narrowest first: its folders, its host, the domains of that (containers-policy.json(5), "docker:"). */
function scopesOf(name: string): string[] {
  if (name === '') return ['']
  const parts = name.split('/')
  const prefixes = parts.map((_, index) => parts.slice(0, parts.length - index).join('/'))
  const labels = (parts[0] ?? '').replace(/:\d+$/, '').split('.')
  const domains = labels.slice(1).map((_, index) => `*.${labels.slice(index + 1).join('.')}`)
  return [...prefixes, ...domains, '']
}

/** Which list decides about a source: the narrowest scope of its transport, or the default. `name` is empty for any path. */
export function rulingList(policy: unknown, transport: string, name: string): RulingList {
  const table = isTable(policy) ? policy : {}
  const scopes = isTable(table.transports) ? table.transports[transport] : undefined
  const scope = isTable(scopes) ? scopesOf(name).find((each) => Object.hasOwn(scopes, each)) : undefined
  if (!isTable(scopes) || scope === undefined) return { place: 'default', types: typesOf(table.default) }
  return { place: `transports.${transport}.${JSON.stringify(scope)}`, types: typesOf(scopes[scope]) }
}
