import type { InspectedImage } from '../inspect-image.ts'
import { findProgram } from '../lookup.ts'
import { helperFolders } from '../programs/helper-folders.ts'
import type { EffectiveValue } from './effective.ts'
import { keyMeanings, type Meaning } from './key-meanings.ts'
import { type IdRange, readIdRanges } from './subordinate-ids.ts'

/** A value that names something which the image does not have. */
export interface DeadReference {
  key: string
  origin: string
  message: string
}

/** What a value names that is not there, each as the end of a sentence. */
type Resolver = (value: unknown, image: InspectedImage) => string[]

const texts = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((item): item is string => typeof item === 'string' && item !== '')

/** File systems that only the running kernel fills. */
const kernelFolder = /^\/(dev|proc|sys|run|tmp|mnt)(\/|$)/

const isThere = ({ files, init }: InspectedImage, path: string): boolean =>
  files.find(path) !== undefined || kernelFolder.test(path) || init.creates(path) || init.mentions(path)

const missing = (image: InspectedImage, paths: readonly string[]): string[] =>
  paths.filter((path) => path.startsWith('/') && !isThere(image, path)).map((path) => `${path}, which does not exist`)

/** Words of base_hosts_file that are no paths (containers.conf(5)). */
const hostsWords = new Set(['image', 'none'])

const zoneFolders = ['/usr/share/zoneinfo', '/etc/zoneinfo']

/** Podman looks for the zone's file when it starts (containers/common config_local.go, validateTZ); podman issue 11895 for `local`. */
function zoneProblems(value: unknown, { files, init }: InspectedImage): string[] {
  const [zone] = texts(value)
  if (zone === undefined) return []
  if (zone === 'local')
    return files.find('/etc/localtime') ? [] : ['the time zone of the machine, but /etc/localtime does not exist']
  const variable = init.environment.get('TZDIR')?.value
  const folders = variable ? [variable] : zoneFolders
  return folders.some((folder) => files.find(`${folder}/${zone}`))
    ? []
    : [`the time zone ${zone}, which is in none of ${folders.join(', ')}`]
}

/** Modes that podman run by root takes (podman-run(1), --userns); `keep-id` and `nomap` are for other users. */
const userModes = /^(host|private|auto(:.*)?|(ns|container):.+)$/

function userModeProblems(value: unknown, image: InspectedImage): string[] {
  const [mode] = texts(value)
  if (mode === undefined) return []
  if (!userModes.test(mode)) return [`${mode}; root may use host, private, auto, ns:PATH, container:ID`]
  return mode.startsWith('auto') ? rangeProblems(image, automaticUser(image)) : []
}

/** The account whose ranges `--userns=auto` divides (containers-storage.conf(5), root-auto-userns-user). */
const automaticUser = ({ configuration }: InspectedImage): string =>
  texts(configuration.storage.values.get('storage.options.root-auto-userns-user')?.value)[0] ?? 'containers'

const idFiles = ['/etc/subuid', '/etc/subgid']

function rangeProblems({ files }: InspectedImage, account: string): string[] {
  const isFor = ({ name, count }: IdRange) => name === account && count > 0
  return idFiles
    .filter((path) => !readIdRanges(files.text(path) ?? '').ranges.some(isFor))
    .map((path) => `ids of the account ${account}, and ${path} has no range for it`)
}

/** Limit of open files that the kernel starts with (Linux, fs/file.c, sysctl_nr_open); a higher one is refused, also to root. */
const openFilesLimit = 1024 * 1024
const fewestOpenFiles = 27

function limitProblems(value: unknown, { init }: InspectedImage): string[] {
  const isRaised = init.mentions('/proc/sys/fs/nr_open') || init.mentions('fs.nr_open')
  return texts(value).flatMap((text) => {
    const [, name, soft = '', hard = soft] = /^(\w+)=(-?\d+)(?::(-?\d+))?$/.exec(text) ?? []
    if (name === undefined) return []
    const [low, high] = [soft, hard].map((limit) => (limit === '-1' ? Number.POSITIVE_INFINITY : Number(limit)))
    if ((low as number) > (high as number)) return [`${text}, whose soft limit is above the hard one`]
    // podman pull request 17861, by trial: "crun: openat2 `proc/sysrq-trigger`: Too many open files".
    if (name === 'nofile' && (low as number) < fewestOpenFiles)
      return [`${text}, fewer than the ${fewestOpenFiles} open files that crun needs to start a container`]
    // podman issue 6857: "setrlimit `RLIMIT_NOFILE`".
    return name === 'nofile' && (high as number) > openFilesLimit && !isRaised
      ? [`${text}, above the ${openFilesLimit} open files that the kernel allows (fs.nr_open)`]
      : []
  })
}

/** Ways to connect containers that name no network (podman-run(1), --network), and the helper that some need. */
const networkWords = /^(private|host|none|bridge|default|(ns|container|bridge):.*)$/
const networkHelpers = /^(pasta|slirp4netns)(:.*)?$/

function networkProblems(value: unknown, image: InspectedImage): string[] {
  const [mode] = texts(value)
  if (mode === undefined || networkWords.test(mode)) return []
  const [, helper] = networkHelpers.exec(mode) ?? []
  if (helper)
    return hasHelper(image, helper) ? [] : [`${helper}, which is in no helper folder and not on the search path`]
  const values = image.configuration.containers.values
  const folder = texts(values.get('network.network_config_dir')?.value)[0] ?? '/etc/containers/networks'
  const known = new Set(['podman', ...texts(values.get('network.default_network')?.value)])
  const names = mode.split(':', 1)[0]?.split(',') ?? []
  return names
    .filter((name) => !known.has(name) && !image.files.findFile(`${folder}/${name}.json`))
    .map((name) => `the network ${name}, of which ${folder} has no file`)
}

const hasHelper = (image: InspectedImage, name: string): boolean =>
  findProgram(image.files, name, [...helperFolders(image), ...image.init.searchPath]) !== undefined

const credentialProblems: Resolver = (value, { files, init }) =>
  texts(value)
    .filter(
      (name) => name !== 'containers-auth.json' && !findProgram(files, `docker-credential-${name}`, init.searchPath),
    )
    .map((name) => `the helper ${name}, and docker-credential-${name} is not on the search path`)

const missingPrograms: Resolver = (value, { files }) =>
  texts(value)
    .filter((path) => !files.isExecutable(path))
    .map((path) => `${path}, which is not a program in the image`)

/** What is looked for, by what a value names; meanings without a row need nothing of the image. */
const resolvers: Partial<Record<Meaning, Resolver>> = {
  file: (value, image) =>
    missing(
      image,
      texts(value).filter((path) => !hostsWords.has(path)),
    ),
  program: missingPrograms,
  // containers/storage drivers/overlay/overlay.go: "overlay: can't stat program".
  mounter: (value, image) =>
    image.configuration.storage.values.get('storage.driver')?.value === 'overlay' ? missingPrograms(value, image) : [],
  mounts: (value, image) =>
    missing(
      image,
      texts(value).flatMap((text) => /(?:^|,)(?:source|src)=([^,]+)/.exec(text)?.[1] ?? []),
    ),
  volumes: (value, image) =>
    missing(
      image,
      texts(value).map((text) => text.split(':', 1)[0] ?? ''),
    ),
  stores: (value, image) => missing(image, texts(value)),
  zone: zoneProblems,
  users: userModeProblems,
  network: networkProblems,
  account: (value, image) => texts(value).flatMap((name) => rangeProblems(image, name)),
  credentials: credentialProblems,
  limits: limitProblems,
}

/** The values of one kind of configuration that name something, and the number of values looked at. */
export function deadReferences(
  image: InspectedImage,
  values: ReadonlyMap<string, EffectiveValue>,
  prefix = '',
): { examinedCount: number; dead: DeadReference[] } {
  const naming = [...values].flatMap(([key, { value, origin }]) => {
    const resolve = resolvers[keyMeanings.get(prefix + key) ?? 'plain']
    return resolve ? [{ key, value, origin, resolve }] : []
  })
  const dead = naming.flatMap(({ key, value, origin, resolve }) =>
    resolve(value, image).map((message) => ({ key, origin, message })),
  )
  return { examinedCount: naming.length, dead }
}
