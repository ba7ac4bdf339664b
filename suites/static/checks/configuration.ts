import { isDeepStrictEqual } from 'node:util'
import type { EffectiveFile } from '../../../harness/inspect/configuration/effective.ts'
import type { IgnoredFile } from '../../../harness/inspect/configuration/layers.ts'
import { readableValue } from '../../../harness/inspect/configuration/print.ts'
import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import type { Finding } from '../../../harness/model/result.ts'
import type { Profile } from '../../../harness/profile/profile.ts'
import { type Examination, examineEach, finding, joinExaminations, type StaticCheck } from '../check.ts'

const kindsOf = ({ configuration }: InspectedImage): EffectiveFile[] => Object.values(configuration)

const examineValues = (image: InspectedImage): Examination =>
  examineEach(
    kindsOf(image).flatMap(({ kind, values }) => [...values].map(([key, value]) => ({ kind, key, ...value }))),
    'No configuration file sets anything.',
    ({ kind, key, value, origin }) => finding(origin, `${kind}.conf: ${key} = ${readableValue(value)}`),
  )

const examineKeys = (image: InspectedImage): Examination =>
  examineEach(
    kindsOf(image).flatMap(({ layers, problems }) => layers.map((layer) => ({ layer, problems }))),
    'The image has no configuration files.',
    ({ layer, problems }): Finding[] => [
      ...(layer.error === undefined ? [] : [finding(layer.path, `It does not parse: ${layer.error}.`)]),
      ...problems
        .filter(({ path }) => path === layer.path)
        .map(({ path, key, message }) => finding(path, `${key} ${message}.`)),
    ],
  )

const vendorFolder = '/usr/share/containers/'
/** A vendor's file is there to be replaced by one of the image's own (containers.conf(5), "FILES"). */
const isMeantToBeReplaced = ({ path, replacedBy }: IgnoredFile): boolean =>
  path.startsWith(vendorFolder) && replacedBy !== undefined

const examineIgnored = (image: InspectedImage): Examination =>
  examineEach(
    kindsOf(image).flatMap(({ layers, ignored }) => [
      ...layers.map(({ path }) => ({ path, reason: undefined })),
      ...ignored.filter((file) => !isMeantToBeReplaced(file)),
    ]),
    'The image has no configuration files.',
    ({ path, reason }) => (reason === undefined ? undefined : finding(path, `The file has no effect: ${reason}.`)),
  )

/** Variables that change what podman reads or does, whatever its files say. */
const overrides = [
  'CONTAINERS_CONF',
  'CONTAINERS_CONF_OVERRIDE',
  'CONTAINERS_STORAGE_CONF',
  'CONTAINERS_REGISTRIES_CONF',
  'CONTAINERS_HELPER_BINARY_DIR',
  'REGISTRIES_CONFIG_PATH',
  'STORAGE_DRIVER',
  'STORAGE_OPTS',
  'NETAVARK_FW',
  'CONTAINER_HOST',
  'CONTAINER_CONNECTION',
  'PODMAN_USERNS',
  'DBUS_SESSION_BUS_ADDRESS',
]
/** Every pull then goes through the proxy, which the runner's machine may not reach (net/http, ProxyFromEnvironment). */
const proxies = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY']

/** What a variable does to podman; undefined for one that does nothing of the kind. */
function effectOf(name: string): string | undefined {
  if (overrides.includes(name)) return 'overrides configuration files'
  return proxies.includes(name.toUpperCase()) ? 'sends every pull through a proxy' : undefined
}

const examineEnvironment = (image: InspectedImage): Examination =>
  joinExaminations(examineInitEnvironment(image), examineEngineEnvironment(image))

const examineInitEnvironment = ({ init }: InspectedImage): Examination =>
  examineEach(init.scripts, 'Init is not a script that can be read.', ({ path }) =>
    [...init.environment].flatMap(([name, setting]) => {
      const effect = setting.path === path ? effectOf(name) : undefined
      return effect === undefined
        ? []
        : [finding(path, `Line ${setting.line} sets ${name}=${setting.value}, which ${effect}.`)]
    }),
  )

/** Variables that podman sets for itself before it does anything else (containers.conf(5), `env` of [engine]). */
function examineEngineEnvironment({ configuration }: InspectedImage): Examination {
  const setting = configuration.containers.values.get('engine.env')
  const pairs = Array.isArray(setting?.value) ? setting.value.filter((pair) => typeof pair === 'string') : []
  return examineEach(pairs, '[engine] sets no variables.', (pair) => {
    const effect = effectOf(pair.split('=', 1)[0] ?? '')
    return setting && effect ? finding(setting.origin, `engine.env sets ${pair}, which ${effect}.`) : undefined
  })
}

interface Expectation {
  file: EffectiveFile
  key: string
  value: unknown
}

function expectations({ configuration }: InspectedImage, profile: Profile): Expectation[] {
  return Object.values(configuration).flatMap((file) =>
    leaves(profile.configuration[file.kind]).map(([key, value]) => ({ file, key, value })),
  )
}

/** Dotted keys and values of nested tables. */
function leaves(table: Record<string, unknown>, prefix = ''): [string, unknown][] {
  return Object.entries(table).flatMap(([key, value]): [string, unknown][] =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? leaves(value as Record<string, unknown>, `${prefix}${key}.`)
      : [[`${prefix}${key}`, value]],
  )
}

/** Keys that have a requirement of their own. */
const judgedElsewhere = new Set(['storage.driver', 'storage.graphroot', 'storage.runroot', 'network.network_backend'])

const examineExpectedValues = (image: InspectedImage, profile: Profile): Examination =>
  joinExaminations(examineSetValues(image, profile), examineUnsetKeys(image, profile))

const examineSetValues = (image: InspectedImage, profile: Profile): Examination =>
  examineEach(
    expectations(image, profile).filter(({ key }) => !judgedElsewhere.has(key)),
    'The profile fixes no values.',
    ({ file, key, value }) => {
      const found = file.values.get(key)
      if (isDeepStrictEqual(found?.value, value) || (found === undefined && isEmptyList(value))) return undefined
      const seen = found ? `${readableValue(found.value)} in ${found.origin}` : 'not set'
      return finding(
        found?.origin ?? `/etc/containers/${file.kind}.conf`,
        `${key} is ${seen}; expected ${readableValue(value)}.`,
      )
    },
  )

const examineUnsetKeys = ({ configuration }: InspectedImage, profile: Profile): Examination =>
  examineEach(
    Object.values(configuration).flatMap((file) =>
      profile.configuration.unset[file.kind].map((key) => ({ file, key })),
    ),
    'The profile wants no key unset.',
    ({ file, key: unset }) =>
      [...file.values]
        .filter(([key]) => key === unset || key.startsWith(`${unset}.`))
        .map(([key, { value, origin }]) =>
          finding(origin, `${key} is ${readableValue(value)}; expected not to be set.`),
        ),
  )

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0

export const configurationChecks: readonly StaticCheck[] = [
  {
    id: 'CFG-001',
    title: 'The configuration in force, with the file each value came from',
    severity: 'info',
    why: 'What podman does follows from several files, drop-ins and variables together; this is their sum.',
    source: 'containers.conf(5), containers-storage.conf(5), containers-registries.conf(5)',
    remedy: 'Nothing: this is information.',
    examine: examineValues,
  },
  {
    id: 'CFG-002',
    title: 'Configuration files parse and hold only keys that podman knows',
    severity: 'error',
    why: 'An unparsable file or a value of the wrong type stops podman; an unknown or misplaced key is silently ignored, so the setting is not in force.',
    source: 'containers/common pkg/config/new.go (undecoded keys are a debug message)',
    remedy: 'Correct the key, its type, or the table it stands in.',
    examine: examineKeys,
  },
  {
    id: 'CFG-003',
    title: 'Every configuration file has an effect',
    severity: 'warning',
    why: 'A file that podman of this version does not read misleads whoever maintains the image.',
    source: 'containers/storage types/options.go; container-libs storage/pkg/configfile/parse.go',
    remedy: 'Move the setting into a file that is read, rename the drop-in, or remove it.',
    examine: examineIgnored,
  },
  {
    id: 'CFG-004',
    title: 'Neither init nor [engine] overrides configuration by environment variables',
    severity: 'warning',
    why: 'A variable silently replaces whole files or values that the image ships, or sends all pulls another way.',
    source: 'podman(1), "Environment variables"; containers.conf(5)',
    remedy: 'Put the setting into a configuration file.',
    examine: examineEnvironment,
  },
  {
    id: 'CFG-005',
    title: "The values that the profile fixes are in force, and podman's own where it wants no others",
    severity: 'error',
    why: 'The recipe writes these values; runners and build hosts count on them.',
    source: 'vpdmn-rootfs-image.bb, install_vpdmn_init',
    remedy: 'Set the value in the file under /etc/containers, or take the key out, and remove what overrides it.',
    examine: examineExpectedValues,
  },
]
