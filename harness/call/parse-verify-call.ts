import { availableParallelism, freemem } from 'node:os'
import { join } from 'node:path'
import { architectureNames } from '../architecture.ts'
import { CallFault } from '../faults.ts'
import { type ReportFormat, reportFormats } from '../report/report-formats.ts'
import { callFolder, projectFolder } from './call-folder.ts'
import { defaultJobs } from './default-jobs.ts'
import { absolute, readList, readNumber, readProfile, readRegistry, readWord } from './option-values.ts'
import { type GivenOptions, readOptions } from './read-options.ts'
import { callableSuites, defaultSuites, type VerifyCall, type VerifyRun } from './verify-call.ts'
import { type VerifyOption, verifyOptions } from './verify-options.ts'

/** More guests than this never fit one machine's memory: each has 2 GiB. */
const mostJobs = 64

/** Options that contradict one another or that need another one to mean anything. */
const excluded: readonly (readonly [VerifyOption, VerifyOption])[] = [
  ['quiet', 'verbose'],
  ['blobs', 'kernel'],
  ['blobs', 'initramfs'],
  ['list', 'explain'],
  ['list', 'effective-config'],
  ['explain', 'effective-config'],
]

/** Reads the command line of verify.mjs. Throws CallFault with one sentence for a wrong one. */
export function parseVerifyCall(args: readonly string[], folder: string = callFolder()): VerifyCall {
  const given = readOptions(args, verifyOptions)
  if (given.switches.has('help')) return { action: 'help' }
  if (given.switches.has('version')) return { action: 'version' }
  rejectContradictions(given)
  const call = readRun(given, folder)
  const requirementId = single(given, 'explain')
  if (requirementId !== undefined) return { ...withoutImages(call, 'explain'), action: 'explain', requirementId }
  if (given.switches.has('list')) return { ...withoutImages(call, 'list'), action: 'list', suites: call.suites }
  if (given.switches.has('effective-config')) return effectiveConfigCall(call)
  return call
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
    profile: readProfile(single(given, 'profile') ?? 'vpdmn', folder),
    suites: readList('suite', given.values.get('suite') ?? suitesWithout(given), callableSuites),
    ...path('waivers'),
    ...path('baseline'),
    ...path('history'),
    quick: given.switches.has('quick'),
    keepGoing: given.switches.has('keep-going'),
    ...readOnFailure(given),
    ...path('kernel'),
    ...path('initramfs'),
    ...path('blobs'),
    accelerator: readWord('accel', single(given, 'accel') ?? 'auto', ['auto', 'kvm', 'tcg']),
    jobs: readJobs(given),
    useCache: !given.switches.has('no-cache'),
    registry: readRegistry(single(given, 'registry') ?? 'process'),
    ...(registryImage === undefined ? {} : { registryImage }),
    out: absolute(single(given, 'out') ?? defaultOut(), folder),
    json: given.switches.has('json'),
    formats: readFormats(given),
    quiet: given.switches.has('quiet'),
    verbose: given.switches.has('verbose'),
  }
}

const readJobs = (given: GivenOptions): number =>
  readNumber(
    'jobs',
    single(given, 'jobs') ?? String(defaultJobs(availableParallelism(), freemem(), mostJobs)),
    1,
    mostJobs,
  )

/** What is listed where no suite is named: all; what runs: those that run by default. */
const suitesWithout = ({ switches }: GivenOptions) => (switches.has('list') ? callableSuites : defaultSuites)

function readFormats({ values }: GivenOptions): ReportFormat[] {
  const words = readList('format', values.get('format') ?? [], [...reportFormats, 'all'] as const)
  return words.includes('all') ? [...reportFormats] : words.filter((word) => word !== 'all')
}

function readOnFailure(given: GivenOptions): Pick<VerifyRun, 'onFailure'> {
  const way = single(given, 'on-failure')
  return way === undefined ? {} : { onFailure: readWord('on-failure', way, ['snapshot', 'shell']) }
}

const single = (given: GivenOptions, option: VerifyOption): string | undefined => given.values.get(option)?.at(-1)

/** One folder a run, sorted by time; the process id keeps apart runs of the same second. */
function defaultOut(): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-')
  return join(projectFolder, 'reports', 'out', `${time}Z-${process.pid}`)
}

function rejectContradictions(given: GivenOptions): void {
  const isGiven = (option: VerifyOption) => given.values.has(option) || given.switches.has(option)
  for (const [one, other] of excluded)
    if (isGiven(one) && isGiven(other))
      throw new CallFault(`--${one} and --${other} exclude each other: give only one.`)
  if (isGiven('registry-image') && single(given, 'registry') !== 'testcontainers')
    throw new CallFault('--registry-image has a meaning only with --registry testcontainers.')
  if (isGiven('baseline') && !isGiven('list') && !asksFor(given, 'performance'))
    throw new CallFault('--baseline has a meaning only with --suite performance.')
  if (isGiven('effective-config') && given.positionals.length === 0)
    throw new CallFault('--effective-config needs an image: verify.mjs --effective-config IMAGE.')
}

const asksFor = (given: GivenOptions, suite: string): boolean =>
  (given.values.get('suite') ?? []).some((list) => list.split(',').some((word) => word.trim() === suite))

const effectiveConfigCall = ({ images, profile, json, architectures }: VerifyRun): VerifyCall => ({
  action: 'effective-config',
  images,
  profile,
  json,
  architectures,
})

function withoutImages(call: VerifyRun, option: VerifyOption) {
  if (call.images.length > 0) throw new CallFault(`--${option} takes no image: leave out ${call.images[0]}.`)
  return { profile: call.profile, json: call.json }
}
