import { constants, existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CallFault } from '../../harness/model/faults.ts'
import { printable } from '../../harness/model/printable.ts'
import { cacheRoot } from '../../harness/platform/cache/cache.ts'
import type { CacheKind } from '../../harness/platform/cache/cache-kinds.ts'
import { projectFolder } from '../../harness/platform/call-folder.ts'
import type { Lifetime } from '../../harness/platform/process/lifetime.ts'
import { removeFolder } from '../../harness/platform/process/remove-folder.ts'
import { openRunFolder } from '../../harness/platform/process/run-folder.ts'
import { ensureReferenceImage } from '../../harness/recipes/reference-image/reference-image.ts'
import { flag, parseToolOptions, randomSeed, readCount, text } from '../tool-options.ts'
import { type HostileImage, hostileImages } from './hostile-images.ts'
import { packHostileImage } from './pack-hostile-image.ts'
import { type KilledRun, killOnce, randomKill } from './random-kills.ts'
import { runHostileImage } from './run-corpus.ts'

const help = `Usage: npm run hostile [-- --short --only LIST --kills N --static --verify --seed N
                              --first N --minutes N]

Runs the unit tests that attack the harness, then images of ours that attack it in
real boots. None may pass, break the harness, take 1 GiB of memory, leave anything
behind, or bring a secret of the host into a report.

  --short       only the images that npm test runs as well
  --only LIST   these: ${hostileImages
    .map(({ id }) => id)
    .join(', ')
    .replaceAll(/(.{50,62}) /g, '$1\n                ')}
  --kills N     kill a run, or its QEMU, at N random moments instead
  --static      of runs that boot nothing
  --verify      of verifications of the reference image by verify --suite boot --quick
  --seed N      the same moments, words and numbers again (default: new ones)
  --first N     number of the first kill (default: 0)
  --minutes N   begin no further kill after this (default: 60)
  --help        this text

Exit codes  0 all attacks came to nothing · 1 at least one did not
`

/** Answers `npm run hostile`, behind its unit tests. Returns the exit code. */
export async function runHostileCommand(args: readonly string[], lifetime: Lifetime): Promise<number> {
  const options = readCall(args)
  if (options === 'help') {
    process.stdout.write(help)
    return 0
  }
  const folder = await openRunFolder(lifetime)
  const temporary = await mkdtemp(join(tmpdir(), 'hostile-'))
  lifetime.defer(() => removeFolder(temporary), `the folder ${temporary}`)
  const faults = await (options.kills === 0 ? attack : killAll)(options, { folder, temporary })
  return faults === 0 ? 0 : 1
}

type HostileCall = Exclude<ReturnType<typeof readCall>, 'help'>

/** Where images and reports are, and the TMPDIR of runs: short enough for sockets in it, as the other is not. */
interface HostileFolders {
  folder: string
  temporary: string
}

async function attack({ images, seed }: HostileCall, { folder, temporary }: HostileFolders): Promise<number> {
  let faultCount = 0
  for (const image of images) {
    const { run, faults } = await runHostileImage(image, { folder: await own(folder, image.id), temporary, seed })
    const cost = `${Math.round(run.durationMs / 1000)} s, ${Math.round(run.peakBytes / 1024 ** 2)} MiB`
    tell(`${faults.length === 0 ? 'held' : 'BROKE'}  ${image.id}: ${image.attack} (${cost})`, faults)
    faultCount += faults.length
  }
  return faultCount
}

async function killAll(options: HostileCall, { folder, temporary }: HostileFolders): Promise<number> {
  const { kills, first, seed, minutes, runs } = options
  const endsMs = performance.now() + minutes * 60_000
  const reference = await ensureReferenceImage('x86_64')
  process.env.XDG_CACHE_HOME = await cacheOfOurs(folder)
  const [image] = hostileImages as readonly [HostileImage, ...HostileImage[]]
  const path = await packHostileImage(image, folder, folder)
  const out = join(folder, 'out')
  const killed = { boot: bootRun(path, out), static: staticRun(path, out), verify: verifyRun(reference, out) }[runs]
  let faultCount = 0
  let done = 0
  for (; done < kills && performance.now() < endsMs; done++) {
    const drawn = randomKill(seed, first + done, killed.spreadMs)
    const kill = runs === 'static' ? ({ ...drawn, target: 'the harness' } as const) : drawn
    const { faults, seconds } = await killOnce(kill, killed, staticRun(path, join(folder, 'next')), temporary)
    tell(
      `${faults.length === 0 ? 'held' : 'BROKE'}  kill ${kill.index}: ${kill.signal} to ${kill.target} after ${kill.afterMs} ms (${seconds} s)`,
      faults,
    )
    faultCount += faults.length
  }
  process.stdout.write(`Seed ${seed}: ${done} of ${kills} kills, ${faultCount} faults.\n`)
  return faultCount
}

/** What takes minutes to make, and is read only. */
const copiedKinds: readonly CacheKind[] = ['kit', 'workloads', 'authority', 'probe']

/** A cache that may break: that of the user stays out of it, but for copies. */
async function cacheOfOurs(folder: string): Promise<string> {
  const ours = join(folder, 'cache')
  for (const kind of copiedKinds.filter((name) => existsSync(join(cacheRoot(), name))))
    await cp(join(cacheRoot(), kind), join(ours, 'vpdmn-conformance', kind), {
      recursive: true,
      mode: constants.COPYFILE_FICLONE,
      // What others are making just now and their locks stay out of it.
      filter: (path) => !/\/\.making-|\.lock$/.test(path),
    })
  return ours
}

/** The boots of the first image of the corpus, of which one answers within seconds. */
const bootRun = (image: string, out: string): KilledRun => ({
  script: join(import.meta.dirname, 'judge-hostile.ts'),
  args: [image, out, '0', 'BOOT-001', 'BOOT-003', 'BOOT-004'],
  out,
  spreadMs: 20_000,
  // Its image does not conform; one whose QEMU was killed says nothing of it.
  exitCodes: [1, 3],
})

const staticRun = (image: string, out: string): KilledRun => ({
  script: join(projectFolder, 'node_modules', '.bin', 'zx'),
  args: [join(projectFolder, 'harness', 'verify.mjs'), image, '--suite', 'static', '--quiet', '--out', out],
  out,
  spreadMs: 4_000,
  exitCodes: [1],
})

/** A run as users have it; one that was not killed says that the image conforms, or what the death of a QEMU made of it. */
const verifyRun = (image: string, out: string): KilledRun => ({
  script: join(projectFolder, 'node_modules', '.bin', 'zx'),
  args: [
    ...[
      join(projectFolder, 'harness', 'verify.mjs'),
      image,
      '--arch',
      'x86_64',
      '--suite',
      'boot',
      '--quick',
      '--fresh',
    ],
    ...['--jobs', '1', '--quiet', '--out', out],
  ],
  out,
  spreadMs: 60_000,
  exitCodes: [0, 1, 3],
})

async function own(folder: string, name: string): Promise<string> {
  const path = join(folder, name)
  await mkdir(path)
  return path
}

function tell(line: string, faults: readonly string[]): void {
  process.stdout.write(
    `${[line, ...faults.map((fault) => `  ${printable(fault).replaceAll('\n', '\n  ')}`)].join('\n')}\n`,
  )
}

function readCall(args: readonly string[]) {
  const given = parseToolOptions('hostile', args, {
    ...{ short: flag, static: flag, verify: flag },
    ...{ only: text, kills: text, seed: text, first: text, minutes: text },
  })
  if (given.help) return 'help'
  return {
    images:
      given.only === undefined
        ? hostileImages.filter(({ isShort }) => isShort || !given.short)
        : named(given.only.split(',')),
    kills: readCount('kills', given.kills, 0),
    runs: given.static ? ('static' as const) : given.verify ? ('verify' as const) : ('boot' as const),
    seed: readCount('seed', given.seed, randomSeed()),
    first: readCount('first', given.first, 0),
    minutes: readCount('minutes', given.minutes, 60),
  }
}

function named(ids: readonly string[]): HostileImage[] {
  return ids.map((id) => {
    const image = hostileImages.find((candidate) => candidate.id === id)
    if (!image) throw new CallFault(`There is no hostile image "${id}": npm run hostile -- --help names them.`)
    return image
  })
}
