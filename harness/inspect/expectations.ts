import { markerNames } from '../contract/markers.ts'
import type { Profile } from '../profile/profile.ts'
import { readableValue } from './configuration/print.ts'
import { parametersOf } from './init/init-contract.ts'

type Expectation = (profile: Profile) => readonly string[]

const alternatives = (lists: readonly (readonly string[])[]): string =>
  lists.map((names) => names.join(' or ')).join(', ')
const mebibytes = (sizeBytes: number): string => `${sizeBytes / 1024 ** 2} MiB`

/** Values as `key = value`, the keys dotted. */
const valuesOf = (table: Record<string, unknown>, prefix = ''): string[] =>
  Object.entries(table).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? valuesOf(value as Record<string, unknown>, `${prefix}${key}.`)
      : [`${prefix}${key} = ${readableValue(value)}`],
  )

const storageValue =
  (key: string): Expectation =>
  ({ configuration }) =>
    valuesOf(configuration.storage).filter((line) => line.startsWith(`${key} =`))

const linkTargets: Expectation = ({ links }) => [
  `at run time there are ${links.runtimeTargets.join(', ')}`,
  ...(links.unresolved.length > 0 ? [`may lead nowhere: ${links.unresolved.join(', ')}`] : []),
]

/** What requirements take from the profile, by their IDs. */
const expectations: Readonly<Record<string, Expectation>> = {
  'FS-004': linkTargets,
  'FS-012': linkTargets,
  'FS-006': ({ folders }) => [folders.required.join(', ')],
  'BIN-001': ({ programs }) => [alternatives(programs.required), `helpers ${programs.helpers.join(', ')}`],
  'BIN-005': ({ programs }) => [programs.forbidden.join(', ')],
  'BIN-002': ({ packages }) => [alternatives(packages.required)],
  'INI-001': ({ init }) => [init.path],
  'INI-006': ({ contract: { engine, era } }) => [
    `engine ${engine}, era ${era}, parameters ${parametersOf(engine, era).join(', ')}`,
    `markers ${Object.values(markerNames).join(', ')}`,
  ],
  'INI-007': ({ nameServices }) => [`not ${nameServices.forbidden.join(', ')}`],
  'INI-008': ({ init }) => [init.alternatives.join(', ')],
  'CFG-005': ({ configuration: { storage, containers, registries, unset } }) => [
    ...[storage, containers, registries].flatMap((table) => valuesOf(table)),
    ...Object.values(unset).flatMap((keys) => keys.map((key) => `${key} is not set`)),
  ],
  'POL-006': ({ policy }) => [`accepting anything is ${policy.acceptAnything ? 'chosen' : 'not chosen'}`],
  'REG-003': ({ registries }) => [registries.search.join(', ')],
  'REG-004': ({ registries }) => [
    Object.entries(registries.aliases)
      .map((pair) => pair.join(' = '))
      .join(', '),
  ],
  'STO-001': storageValue('storage.driver'),
  'STO-003': storageValue('storage.graphroot'),
  'STO-004': storageValue('storage.runroot'),
  'CON-001': ({ configuration }) =>
    valuesOf(configuration.containers).filter((line) => line.startsWith('network.network_backend =')),
  'NET-001': ({ programs }) => [programs.firewall],
  'TLS-001': ({ certificates }) => [`at least ${certificates.minimalCount} certificates`],
  'SEC-001': ({ privileges }) => [privileges.paths.join(', ')],
  'SIZ-001': ({ sizes }) => [`image up to ${mebibytes(sizes.imageBytes)}, unpacked ${mebibytes(sizes.unpackedBytes)}`],
  'SIZ-002': ({ sizes }) => [`up to ${mebibytes(sizes.wastedBytes)}`],
}

/** What a profile expects of a requirement, and its waivers, a line each; nothing where it has no say. */
export const expectationsOf = (id: string, profile: Profile): string[] => [
  ...(expectations[id]?.(profile) ?? []),
  ...profile.waivers
    .filter((waiver) => waiver.id === id)
    .map(({ path, expires, reason }) => `waived until ${expires} for ${path}: ${reason}`),
]

/** Requirements on which profiles have a say. */
export const expectingIds: readonly string[] = Object.keys(expectations)
