import type { Values } from './layers.ts'

const label = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?'
const host = `${label}(?:\\.${label})*(?::[0-9]+)?|\\[[0-9a-fA-F:]+\\](?::[0-9]+)?`
const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*'
const hostPattern = new RegExp(`^(?:${host})$`)
const repositoryPattern = new RegExp(`^${component}(?:/${component})*$`)

/** A registry's host with an optional port (distribution reference grammar, `domain`). */
export const isHostName = (name: string): boolean => hostPattern.test(name)

/** What is wrong with the left side of an alias, which names no registry, tag or digest (sysregistriesv2, validateShortName). */
export function shortNameProblem(name: string): string | undefined {
  if (/[:@]/.test(name)) return 'a short name has no tag, digest or port'
  // Only what stands before a slash can be a registry: `rhel7.9` is a repository.
  const registry = name.slice(0, Math.max(name.indexOf('/'), 0))
  if (registry.includes('.') || registry === 'localhost') return 'the left side already names a registry'
  return repositoryPattern.test(name) ? undefined : 'the left side is not a repository name'
}

/** What is wrong with the right side of an alias: a registry and repository without tag or digest. */
export function longNameProblem(target: string): string | undefined {
  const slash = target.indexOf('/')
  const [registry, repository] = [target.slice(0, Math.max(slash, 0)), target.slice(slash + 1)]
  if (target.includes('://')) return 'the right side must not be a URL'
  if (slash < 0 || !(/[.:]/.test(registry) || registry === 'localhost')) return 'the right side names no registry'
  if (!isHostName(registry)) return 'the right side names an impossible registry'
  if (/[:@]/.test(repository)) return 'the right side must not have a tag or digest'
  return repositoryPattern.test(repository) ? undefined : 'the right side is not a repository name'
}

const mirrorUses = ['all', 'digest-only', 'tag-only']

/** What is wrong with one `[[registry]]` (containers/image sysregistriesv2, postProcessRegistries). */
export function registryProblems(row: Values): string[] {
  const [location, prefix] = [textOf(row.location), textOf(row.prefix)]
  const mirrors = Array.isArray(row.mirror) ? (row.mirror as Values[]) : []
  const problems = [
    location === '' && prefix === '' && 'neither location nor prefix is set',
    location === '' &&
      prefix !== '' &&
      !prefix.startsWith('*.') &&
      'location is empty, which only a prefix like *.example.com allows',
    ...[location, prefix].map((name) => hasScheme(name) && `${JSON.stringify(name)} has a scheme`),
    prefix.slice(2).includes('*') && `the prefix ${JSON.stringify(prefix)} has a wildcard that is not at the front`,
    textOf(row['pull-from-mirror']) !== '' && 'pull-from-mirror belongs in a mirror',
    ...mirrors.flatMap((mirror) => mirrorProblems(mirror, row)),
  ]
  return problems.filter((problem) => typeof problem === 'string')
}

function mirrorProblems(mirror: Values, registry: Values): (string | false)[] {
  const [location, use] = [textOf(mirror.location), textOf(mirror['pull-from-mirror'])]
  return [
    location === '' && 'a mirror has no location',
    hasScheme(location) && `the mirror ${JSON.stringify(location)} has a scheme`,
    use !== '' &&
      !mirrorUses.includes(use) &&
      `pull-from-mirror ${JSON.stringify(use)} is none of ${mirrorUses.join(', ')}`,
    use !== '' &&
      registry['mirror-by-digest-only'] === true &&
      'mirror-by-digest-only and pull-from-mirror cannot be combined',
  ]
}

const hasScheme = (name: string): boolean => /^https?:\/\//.test(name)
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
