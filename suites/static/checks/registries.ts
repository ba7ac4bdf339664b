import type { Values } from '../../../harness/inspect/configuration/layers.ts'
import { readableValue } from '../../../harness/inspect/configuration/print.ts'
import {
  isHostName,
  longNameProblem,
  registryProblems,
  shortNameProblem,
} from '../../../harness/inspect/configuration/registry-names.ts'
import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import type { Profile } from '../../../harness/profile/profile.ts'
import { type Examination, examined, examineEach, finding, type StaticCheck, skipped } from '../check.ts'

const mainPath = '/etc/containers/registries.conf'
const noFile = 'The image has no registries.conf.'

const registries = ({ configuration }: InspectedImage) => configuration.registries
const textList = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []

const examineSyntax = (image: InspectedImage): Examination =>
  examineEach(registries(image).layers, noFile, ({ path, values, error }) => {
    if (error !== undefined) return finding(path, `It does not parse: ${error}.`)
    return 'registries' in values ? finding(path, 'It uses [registries.…] tables, the syntax of version 1.') : undefined
  })

function searchList(image: InspectedImage): { names: string[]; origin: string } | undefined {
  const found = registries(image).values.get('unqualified-search-registries')
  return found && { names: textList(found.value), origin: found.origin }
}

function examineSearchEntries(image: InspectedImage): Examination {
  const list = searchList(image)
  if (list === undefined) return skipped('No search registries are set.')
  return examineEach(list.names, 'The search list is empty.', (name) =>
    isHostName(name)
      ? undefined
      : finding(list.origin, `The search registry ${JSON.stringify(name)} is not a host name.`),
  )
}

function examineSearchList(image: InspectedImage, profile: Profile): Examination {
  const expected = profile.registries.search
  const list = searchList(image)
  const seen = list?.names ?? []
  if (seen.length === expected.length && expected.every((name, index) => seen[index] === name)) return examined()
  const message = `The search registries are ${readableValue(seen)}; expected ${readableValue(expected)}.`
  return examined(finding(list?.origin ?? mainPath, message))
}

interface Alias {
  name: string
  target: string
  origin: string
}

function aliases(image: InspectedImage): Alias[] {
  return [...registries(image).values].flatMap(([key, { value, origin }]) =>
    key.startsWith('aliases.') && typeof value === 'string'
      ? [{ name: key.slice('aliases.'.length), target: value, origin }]
      : [],
  )
}

function examineAliases(image: InspectedImage, profile: Profile): Examination {
  const found = aliases(image)
  const byName = new Map(found.map((alias) => [alias.name, alias]))
  const expected = Object.entries(profile.registries.aliases)
  const missing = expected.filter(([name, target]) => byName.get(name)?.target !== target)
  const malformed = found.flatMap(({ name, target, origin }) => {
    // An empty target takes an alias of another file away.
    const problem = shortNameProblem(name) ?? (target === '' ? undefined : longNameProblem(target))
    return problem
      ? [finding(origin, `The alias ${JSON.stringify(name)} = ${JSON.stringify(target)}: ${problem}.`)]
      : []
  })
  const findings = missing.map(([name, target]) => {
    const seen = byName.get(name)
    return finding(
      seen?.origin ?? mainPath,
      `The alias ${name} is ${seen ? `"${seen.target}"` : 'missing'}; expected "${target}".`,
    )
  })
  const examinedCount = found.length + expected.length
  return examinedCount === 0
    ? skipped('There are no aliases.')
    : { examinedCount, findings: [...findings, ...malformed] }
}

/** Rows of all files: each file's list of registries is read by itself. */
function registryRows(image: InspectedImage): { path: string; row: Values }[] {
  return registries(image).layers.flatMap(({ path, values }) =>
    Array.isArray(values.registry) ? values.registry.map((row) => ({ path, row: row as Values })) : [],
  )
}

const examineRegistries = (image: InspectedImage): Examination =>
  examineEach(registryRows(image), 'No [[registry]] is configured.', ({ path, row }) =>
    registryProblems(row).map((problem) =>
      finding(path, `[[registry]] ${String(row.prefix ?? row.location ?? '')}: ${problem}.`),
    ),
  )

const shortNameModes = ['enforcing', 'permissive', 'disabled']

function examineShortNames(image: InspectedImage): Examination {
  const mode = registries(image).values.get('short-name-mode')
  if (mode === undefined || mode.value === '') return examined()
  if (!shortNameModes.includes(String(mode.value)))
    return examined(
      finding(mode.origin, `short-name-mode ${readableValue(mode.value)} is none of ${shortNameModes.join(', ')}.`),
    )
  const searched = searchList(image)?.names.length ?? 0
  if (mode.value !== 'enforcing' || searched <= 1) return examined()
  return examined(
    finding(
      mode.origin,
      `short-name-mode enforcing asks on a terminal which of ${searched} search registries is meant; init has none.`,
    ),
  )
}

const manual = 'containers-registries.conf(5); containers/image pkg/sysregistriesv2'

export const registryChecks: readonly StaticCheck[] = [
  {
    id: 'REG-001',
    title: 'registries.conf uses the syntax of version 2',
    severity: 'error',
    why: 'Version 1 is not read by podman 6, and mixing both makes any podman refuse the file.',
    source: manual,
    remedy: 'Use unqualified-search-registries, [[registry]] and [aliases].',
    examine: examineSyntax,
  },
  {
    id: 'REG-002',
    title: 'Search registries are host names',
    severity: 'error',
    why: 'An entry with a scheme or a path makes podman refuse the whole file.',
    source: manual,
    remedy: 'Write the host alone, with a port if need be: docker.io, registry.example:5000.',
    examine: examineSearchEntries,
  },
  {
    id: 'REG-003',
    title: 'The search registries are those of the profile, in order',
    severity: 'error',
    why: 'A short name resolves to another image when another registry is searched first.',
    source: 'vpdmn-rootfs-image.bb, registries.conf',
    remedy: 'Set unqualified-search-registries in /etc/containers/registries.conf, and remove drop-ins that change it.',
    examine: examineSearchList,
  },
  {
    id: 'REG-004',
    title: 'Short-name aliases are well-formed and hold those of the profile',
    severity: 'error',
    why: 'A malformed alias makes podman refuse the file; a missing one makes the short name ambiguous.',
    source: `vpdmn-rootfs-image.bb, registries.conf; ${manual}`,
    remedy: 'Write "name" = "registry/repository" without tag or digest.',
    examine: examineAliases,
  },
  {
    id: 'REG-005',
    title: 'Locations, prefixes and mirrors of registries are valid',
    severity: 'error',
    why: 'One invalid entry makes podman refuse the whole file, and with it every pull by name.',
    source: manual,
    remedy: 'Give a location without scheme; a prefix may start with *. only; see containers-registries.conf(5).',
    examine: examineRegistries,
  },
  {
    id: 'REG-006',
    title: 'Short names resolve without a terminal',
    severity: 'error',
    why: 'In enforcing mode with several search registries podman must ask, and without a terminal it gives up.',
    source: 'containers-registries.conf(5), short-name-mode; containers/image pkg/shortnames',
    remedy: 'Use permissive mode, or a single search registry.',
    examine: examineShortNames,
  },
]
