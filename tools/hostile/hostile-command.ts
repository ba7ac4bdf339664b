import { cp, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { CallFault } from '../../harness/model/faults.ts'
import { printable } from '../../harness/model/printable.ts'
import { cacheRoot } from '../../harness/platform/cache/cache.ts'
import { projectFolder } from '../../harness/platform/call-folder.ts'
import type { Lifetime } from '../../harness/platform/process/lifetime.ts'
import { removeFolder } from '../../harness/platform/process/remove-folder.ts'
import { openRunFolder } from '../../harness/platform/process/run-folder.ts'
import { type HostileImage, hostileImages } from './hostile-images.ts'
import { packHostileImage } from './pack-hostile-image.ts'
import { type KilledRun, killOnce, randomKill } from './random-kills.ts'
import { runHostileImage } from './run-corpus.ts'

const help = `Usage: npm run hostile [-- --short --only LIST --kills N --static --seed N --first N
                              --minutes N]

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
  --seed N      the same moments, words and numbers again (default: new ones)
  --first N     number of the first kill (default: 0)
  --minutes N   begin no further kill after this (default: 60)
  --help        this text

Exit codes  0 all attacks came to nothing · 1 at least one did not
`

/** Answers `npm run hostile`, behind its unit tests. Returns the exit code. */
export async function runHostileCommand(args: readonly string[], lifetime: Lifetime): Promise<number> {
  const call = readCall(args)
  if (call === 'help') {
    process.stdout.write(help)
    return 0
  }
  const folder = await openRunFolder()
  lifetime.defer(() => removeFolder(folder), `the folder ${folder}`)
  const faults = call.kills === 0 ? await attack(call, folder) : await killAll(call, folder)
  return faults === 0 ? 0 : 1
}

type HostileCall = Exclude<ReturnType<typeof readCall>, 'help'>

async function attack({ images, seed }: HostileCall, folder: string): Promise<number> {
  let faultCount = 0
  for (const image of images) {
    const { run, faults } = await runHostileImage(image, await own(folder, image.id), seed)
    const cost = `${Math.round(run.durationMs / 1000)} s, ${Math.round(run.peakBytes / 1024 ** 2)} MiB`
    tell(`${faults.length === 0 ? 'held' : 'BROKE'}  ${image.id}: ${image.attack} (${cost})`, faults)
    faultCount += faults.length
  }
  return faultCount
}

async function killAll({ kills, first, seed, minutes, isStatic }: HostileCall, folder: string): Promise<number> {
  const endsMs = performance.now() + minutes * 60_000
  process.env.XDG_CACHE_HOME = await cacheOfOurs(folder)
  const [image] = hostileImages as readonly [HostileImage, ...HostileImage[]]
  const path = await packHostileImage(image, folder, folder)
  const killed = isStatic ? staticRun(path, join(folder, 'out')) : bootRun(path, join(folder, 'out'))
  let faultCount = 0
  let done = 0
  for (; done < kills && performance.now() < endsMs; done++) {
    const drawn = randomKill(seed, first + done, killed.spreadMs)
    const kill = isStatic ? ({ ...drawn, target: 'the harness' } as const) : drawn
    const { faults } = await killOnce(kill, killed, staticRun(path, join(folder, 'next')), join(folder, 'tmp'))
    tell(
      `${faults.length === 0 ? 'held' : 'BROKE'}  kill ${kill.index}: ${kill.signal} to ${kill.target} after ${kill.afterMs} ms`,
      faults,
    )
    faultCount += faults.length
  }
  process.stdout.write(`Seed ${seed}: ${done} of ${kills} kills, ${faultCount} faults.\n`)
  return faultCount
}

/** A cache that may break: that of the user stays out of it, but for the boot kits, which take minutes to build. */
async function cacheOfOurs(folder: string): Promise<string> {
  const ours = join(folder, 'cache')
  await mkdir(join(ours, 'vpdmn-conformance'), { recursive: true })
  await cp(join(cacheRoot(), 'kit'), join(ours, 'vpdmn-conformance', 'kit'), {
    recursive: true,
    // What others are making just now, and their locks, stay out of it.
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
  const { help: isHelp, short = false, static: isStatic = false, only, ...given } = parse(args)
  if (isHelp) return 'help'
  const number = (name: keyof typeof given, byDefault: number): number => {
    const text = given[name] ?? String(byDefault)
    if (!/^\d{1,9}$/.test(text)) throw new CallFault(`--${name} ${text} is no whole number below 1000000000.`)
    return Number(text)
  }
  return {
    images: only === undefined ? hostileImages.filter(({ isShort }) => isShort || !short) : named(only.split(',')),
    kills: number('kills', 0),
    isStatic,
    seed: number('seed', Math.floor(Math.random() * 1_000_000)),
    first: number('first', 0),
    minutes: number('minutes', 60),
  }
}

function named(ids: readonly string[]): HostileImage[] {
  return ids.map((id) => {
    const image = hostileImages.find((candidate) => candidate.id === id)
    if (!image) throw new CallFault(`There is no hostile image "${id}": npm run hostile -- --help names them.`)
    return image
  })
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  const options = {
    short: flag,
    static: flag,
    only: text,
    kills: text,
    seed: text,
    first: text,
    minutes: text,
    help: flag,
  } as const
  try {
    return parseArgs({ args: [...args], options }).values
  } catch (cause) {
    const [reason] = (cause as Error).message.split('. ')
    throw new CallFault(`${reason}: npm run hostile -- --help shows what it takes.`, { cause })
  }
}
