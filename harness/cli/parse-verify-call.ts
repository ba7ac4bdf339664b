import { randomInt } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { architectureNames } from '../model/architecture.ts'
import { CallFault } from '../model/faults.ts'
import { callFolder } from '../platform/call-folder.ts'
import { builtInProfiles } from '../profile/built-in-profiles.ts'
import { defaultOut } from './default-out.ts'
import { absolute, readList, readNumber, readProfile, readRegistry, readWord } from './option-values.ts'
import { parseMergeCall, readFormats } from './parse-merge-call.ts'
import { type GivenOptions, readOptions } from './read-options.ts'
import { readSandbox } from './sandbox-options.ts'
import { shardOfEnvironment } from './shard-of-environment.ts'
import { callableSuites, defaultSuites, type VerifyCall, type VerifyRun } from './verify-call.ts'
import { type VerifyOption, verifyOptions } from './verify-options.ts'

/** More guests than this never fit one machine's memory: each has 2 GiB. */
const maxJobs = 64

/** Options that contradict one another or that need another one to mean anything. */
const excluded: readonly (readonly [VerifyOption, VerifyOption])[] = [
  ['quiet', 'verbose'],
  ['fail-fast', 'keep-going'],
  ['fail-fast', 'shard'],
  ['fail-fast', 'list'],
  ['blobs', 'kernel'],
  ['blobs', 'initramfs'],
  ['list', 'explain'],
  ['list', 'effective-config'],
  ['explain', 'effective-config'],
  // A statement is on all that the suites ask.
  ['attest', 'shard'],
  ['attest', 'quick'],
  // These ask for guests of their own: words drawn anew, times measured, a part of a run.
  ['reuse', 'fresh'],
  ['reuse', 'no-cache'],
  ['reuse', 'seed'],
  ['reuse', 'history'],
  ['reuse', 'shard'],
  ['self-test', 'list'],
  ['self-test', 'explain'],
  ['self-test', 'effective-config'],
]

/** Reads the command line of verify.mjs. Throws CallFault with one sentence for a wrong one. */
export function parseVerifyCall(args: readonly string[], folder: string = callFolder()): VerifyCall {
  if (args[0] === 'merge') return parseMergeCall(args.slice(1), folder)
  const given = readOptions(args, verifyOptions)
  if (given.switches.has('help')) return { action: 'help' }
  if (given.switches.has('version')) return { action: 'version' }
  rejectContradictions(given)
  const options = readRun(given, folder)
  const requirementId = single(given, 'explain')
  if (requirementId !== undefined) return { ...withoutImages(options, 'explain'), action: 'explain', requirementId }
  if (given.switches.has('list')) return { ...withoutImages(options, 'list'), action: 'list', suites: options.suites }
  if (given.switches.has('self-test')) {
    withoutImages(options, 'self-test')
    const { architectures, accelerator, sandbox } = options
    return { action: 'self-test', architectures, accelerator, sandbox }
  }
  if (given.switches.has('effective-config')) return effectiveConfigCall(options)
  return options
}

function readRun(given: GivenOptions, folder: string): VerifyRun {
  const path = (option: VerifyOption) => {
    const value = single(given, option)
    return value === undefined ? {} : { [option]: absolute(value, folder) }
  }
  const registryImage = single(given, 'registry-image')
  return {
    action: 'verify',
    images: given.positionals.map((image) => absolute(image, folder)),
    architectures: readList('arch', given.values.get('arch') ?? architectureNames, architectureNames),
    ...readOwnProfile(given, folder),
    suites: readList('suite', given.values.get('suite') ?? suitesWithout(given), callableSuites),
    ...path('waivers'),
    ...path('baseline'),
    ...path('history'),
    ...path('attest'),
    ...readShard(given),
    quick: given.switches.has('quick'),
    seed: readSeed(given),
    keepGoing: given.switches.has('keep-going'),
    failFast: given.switches.has('fail-fast'),
    ...readOnFailure(given),
    ...path('kernel'),
    ...path('initramfs'),
    ...path('blobs'),
    accelerator: readWord('accel', single(given, 'accel') ?? 'auto', ['auto', 'kvm', 'tcg']),
    sandbox: readSandbox(given),
    jobs: readJobs(given),
    useCache: !given.switches.has('no-cache'),
    ...readReuse(given, folder),
    registry: readRegistry(single(given, 'registry') ?? 'process'),
    ...(registryImage === undefined ? {} : { registryImage }),
    out: absolute(single(given, 'out') ?? defaultOut(), folder),
    json: given.switches.has('json'),
    formats: readFormats(given.values),
    quiet: given.switches.has('quiet'),
    verbose: given.switches.has('verbose'),
  }
}

function readOwnProfile(given: GivenOptions, folder: string): Pick<VerifyRun, 'profile'> {
  const name = single(given, 'profile')
  return name === undefined ? {} : { profile: readProfile(name, folder) }
}

const readJobs = (given: GivenOptions): number =>
  readNumber('jobs', single(given, 'jobs') ?? String(Math.min(availableParallelism(), maxJobs)), 1, maxJobs)

/** Beside `--fresh`, what asks for guests of its own reuses nothing. */
const askAnew: readonly VerifyOption[] = ['fresh', 'no-cache', 'seed', 'history', 'shard']

function readReuse(given: GivenOptions, folder: string): Pick<VerifyRun, 'reuse'> {
  if (askAnew.some((option) => given.switches.has(option) || given.values.has(option))) return {}
  const path = single(given, 'reuse')
  return { reuse: path === undefined ? {} : { folder: absolute(path, folder) } }
}

const maxSeed = 999_999_999

function readSeed(given: GivenOptions): number {
  const text = single(given, 'seed')
  return text === undefined ? randomInt(maxSeed + 1) : readNumber('seed', text, 0, maxSeed)
}

/** What is listed where no suite is named: all; what runs: those that run by default. */
const suitesWithout = ({ switches }: GivenOptions) => (switches.has('list') ? callableSuites : defaultSuites)

/** More parts than the suites have test files would be empty. */
const maxShards = 16

function readShard(given: GivenOptions): Pick<VerifyRun, 'shard'> {
  const text = single(given, 'shard')
  if (text === undefined) return {}
  if (text === 'auto') return { shard: shardOfEnvironment(process.env, maxShards) }
  const [, index, count] = /^(\d{1,3})\/(\d{1,3})$/.exec(text)?.map(Number) ?? []
  if (!index || !count || index > count || count > maxShards)
    throw new CallFault(`--shard takes auto or I/N, I from 1 to N and N up to ${maxShards}, not "${text}".`)
  return { shard: { index, count } }
}

function readOnFailure(given: GivenOptions): Pick<VerifyRun, 'onFailure'> {
  const way = single(given, 'on-failure')
  return way === undefined ? {} : { onFailure: readWord('on-failure', way, ['snapshot', 'shell']) }
}

const single = (given: GivenOptions, option: VerifyOption): string | undefined => given.values.get(option)?.at(-1)

function rejectContradictions(given: GivenOptions): void {
  const isGiven = (option: VerifyOption) => given.values.has(option) || given.switches.has(option)
  for (const [one, other] of excluded)
    if (isGiven(one) && isGiven(other))
      throw new CallFault(`--${one} and --${other} cannot be combined: give only one.`)
  if (isGiven('registry-image') && single(given, 'registry') !== 'testcontainers')
    throw new CallFault('--registry-image requires --registry testcontainers.')
  if (isGiven('baseline') && !isGiven('list') && !asksFor(given, 'performance'))
    throw new CallFault('--baseline requires --suite performance.')
  if (isGiven('fail-fast') && asksFor(given, 'performance'))
    throw new CallFault('--fail-fast and --suite performance cannot be combined: measure in a run of its own.')
  if (isGiven('on-failure') && isGiven('suite') && !asksFor(given, 'podman'))
    throw new CallFault(
      '--on-failure keeps guests of the podman suite, which --suite leaves out; shell.mjs IMAGE --boot boots one as the boot suite does.',
    )
  if (isGiven('effective-config') && given.positionals.length === 0)
    throw new CallFault('--effective-config needs an image: verify.mjs --effective-config IMAGE.')
}

const asksFor = (given: GivenOptions, suite: string): boolean =>
  (given.values.get('suite') ?? []).some((list) => list.split(',').some((word) => word.trim() === suite))

const effectiveConfigCall = ({ images, profile = builtInProfiles[0], json, architectures }: VerifyRun): VerifyCall => ({
  action: 'effective-config',
  images,
  profile,
  json,
  architectures,
})

function withoutImages(options: VerifyRun, option: VerifyOption) {
  if (options.images.length > 0) throw new CallFault(`--${option} takes no image: leave out ${options.images[0]}.`)
  return { profile: options.profile ?? builtInProfiles[0], json: options.json }
}
