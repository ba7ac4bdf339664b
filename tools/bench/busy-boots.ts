import { availableParallelism } from 'node:os'
import { bootOneShot } from '../../harness/guest/runner/contract-boot.ts'
import { takeGuestTime, waitedShare } from '../../harness/machine/guest-time.ts'
import { contractShape } from '../../harness/machine/machine-shape.ts'
import { architectures } from '../../harness/model/architecture.ts'
import { EnvironmentFault, GuestFault } from '../../harness/model/faults.ts'
import type { Lifetime } from '../../harness/platform/process/lifetime.ts'
import { startChild } from '../../harness/platform/process/start-child.ts'
import type { Progress } from '../../harness/platform/terminal/progress.ts'
import { ensureBootKit } from '../../harness/recipes/boot-kit/boot-kit.ts'
import type { BenchmarkContext } from './benchmark.ts'

/** What came of one boot of an image that is known to be good. */
type BusyOutcome = 'answered' | 'machine too busy' | 'image blamed'

export interface BusyBoot {
  outcome: BusyOutcome
  /** Of the guest's time, what it waited for a processor, 0 to 1. */
  waited: number
  /** What was said, where the image did not answer. */
  said: string
}

const boots = 10
/** Busy loops for each core: with ten, a guest has a tenth of a core. */
const loopsPerCore = 10
const answer = 'alive'

/** Boots the reference image ten times, each beside busy loops, by the bounds of the boot suite. */
export async function busyBoots(context: BenchmarkContext, progress: Progress): Promise<BusyBoot[]> {
  const task = progress.begin(`${context.arch}: boots on a busy machine`)
  const outcomes: BusyBoot[] = []
  for (let boot = 1; boot <= boots; boot++) {
    task.awaiting(`boot ${boot} of ${boots}`)
    const outcome = await context.lifetime.within((lifetime) => busyBoot(context, lifetime))
    progress.note(`${context.arch}, boot ${boot}: ${outcomeText(outcome)}`)
    outcomes.push(outcome)
  }
  task.end()
  return outcomes
}

async function busyBoot(
  { arch, imagePath, folder, accelerator }: BenchmarkContext,
  lifetime: Lifetime,
): Promise<BusyBoot> {
  const boot = await ensureBootKit(arch)
  for (let loop = 0; loop < loopsPerCore * availableParallelism(); loop++) {
    const child = await startChild('sh', ['-c', 'while :; do :; done'], 'ignore')
    lifetime.defer(() => child.kill(), `busy loop ${child.pid}`)
  }
  const shape = contractShape(architectures[arch], accelerator)
  takeGuestTime()
  const said = await saidBy(async () => {
    const coordinates = { imagePath, engine: 'podman', boot, contractShape: shape, runFolder: folder } as const
    const { answer: given } = await bootOneShot(coordinates, { request: { cmd: `echo ${answer}` } }, lifetime)
    return given.output
  })
  return { ...said, waited: waitedShare(takeGuestTime()) }
}

/** What a boot came to. That the image is blamed is the one outcome that must not be. Throws what is neither of these. */
export async function saidBy(boot: () => Promise<string | undefined>): Promise<Omit<BusyBoot, 'waited'>> {
  try {
    const output = await boot()
    return output === answer
      ? { outcome: 'answered', said: '' }
      : { outcome: 'image blamed', said: `it answered ${JSON.stringify(output)}` }
  } catch (error) {
    const said = (error as Error).message.split('\n')[0] ?? ''
    if (error instanceof GuestFault) return { outcome: 'image blamed', said }
    if (error instanceof EnvironmentFault && error.code === 'E_BUSY') return { outcome: 'machine too busy', said }
    throw error
  }
}

const outcomeText = ({ outcome, waited, said }: BusyBoot): string =>
  `waited ${String(Math.round(waited * 100)).padStart(3)} %  ${outcome}${said && `: ${said}`}`

/** One line for each boot, and how many verdicts were right: an idle machine's, or none for want of time. */
export function busyTable(arch: string, tried: readonly BusyBoot[]): string {
  const lines = tried.map((boot, index) => `  ${String(index + 1).padStart(2)}  ${outcomeText(boot)}\n`)
  const count = (wanted: BusyOutcome) => tried.filter(({ outcome }) => outcome === wanted).length
  const [answered, tooBusy] = [count('answered'), count('machine too busy')]
  return `Boots of a good image beside ${loopsPerCore} busy loops for each core, ${arch}: ${answered + tooBusy} of ${tried.length} verdicts right (${answered} answered, ${tooBusy} that the machine was too busy)\n${lines.join('')}`
}
