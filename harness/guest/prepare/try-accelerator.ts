import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { GuestPlan } from '../../machine/guest-plan.ts'
import { type Accelerator, contractShape } from '../../machine/machine-shape.ts'
import { loadSnapshot, writeSnapshot } from '../../machine/snapshot.ts'
import { awaitGuest, type RunningGuest } from '../../machine/start-guest.ts'
import { fork, freeze, type GuestTemplate, startTemplateGuest } from '../../machine/template.ts'
import type { Architecture } from '../../model/architecture.ts'
import { Lifetime } from '../../platform/process/lifetime.ts'
import { ensureBootKit } from '../../recipes/boot-kit/boot-kit.ts'

/** A working KVM prints a line on the console within 1 s, TCG within 5 s; each of three lines has this bound. */
const lineTimeoutMs = 8_000

export interface TrialOptions {
  /** Is told of each step that was done, and how long it took. */
  tell?: (step: string, elapsedMs: number) => void
  /** Bound on each line that is awaited. */
  timeoutMs?: number
}

/** The guests of a trial on their way through the steps. */
interface Trial {
  plan: GuestPlan
  folder: string
  lifetime: Lifetime
  timeoutMs: number
  guest?: RunningGuest
  template?: GuestTemplate
}

/** All that a run asks of an accelerator, each by the words behind "a guest could not" and by those that tell it done. */
const steps: readonly { what: string; done: string; take: (trial: Trial) => Promise<void> }[] = [
  { what: 'start', done: 'A guest starts, and its kernel prints its first line', take: start },
  { what: 'be stopped and kept', done: 'It is stopped, and its state is written beside its memory', take: keep },
  { what: 'go on in a fork', done: 'It goes on in a fork, with a copy of its memory', take: resumeInFork },
  { what: 'be kept as a snapshot', done: 'The fork is kept as a snapshot, memory and all', take: snapshot },
  { what: 'go on from a snapshot', done: 'It goes on from that snapshot', take: resumeFromSnapshot },
]

/**
 * Why an accelerator does not do what templates and snapshots need of it; undefined where it does. A guest of the kit's kernel,
 * which prints what it does, goes through all steps without any disk. Leaves nothing in the folder.
 */
export async function tryAccelerator(
  architecture: Architecture,
  accelerator: Accelerator,
  folder: string,
  { tell, timeoutMs = lineTimeoutMs }: TrialOptions = {},
): Promise<string | undefined> {
  const { kernel, initramfs } = await ensureBootKit(architecture.name)
  const shape = { ...contractShape(architecture, accelerator), cpuCount: 1, memoryMiB: 256 }
  const plan = { shape, boot: { kernel, initramfs, parameters: [] }, devices: [] }
  const trial: Trial = { plan, folder, lifetime: new Lifetime(), timeoutMs }
  let trying = ''
  try {
    for (const { what, done, take } of steps) {
      trying = what
      const startedMs = performance.now()
      await take(trial)
      tell?.(done, performance.now() - startedMs)
    }
    return undefined
  } catch (error) {
    return `a guest could not ${trying} under ${accelerator} (${(error as Error).message.split('\n')[0]})`
  } finally {
    await trial.lifetime.end()
    for (const name of ['memory', 'state']) await rm(join(folder, name), { force: true })
  }
}

async function start(trial: Trial): Promise<void> {
  await resumeAs(trial, await startTemplateGuest(trial.plan, trial.folder, [], trial.lifetime))
}

async function keep(trial: Trial): Promise<void> {
  trial.template = await freeze(trial.guest as RunningGuest, trial.plan, trial.folder)
}

async function resumeInFork(trial: Trial): Promise<void> {
  await resumeAs(trial, await fork(trial.template as GuestTemplate, [], trial.lifetime))
}

/** The state of a snapshot takes the place of the template's: the fork has it in its memory by now. */
async function snapshot({ guest, folder }: Trial): Promise<void> {
  await writeSnapshot(guest as RunningGuest, folder)
  await guest?.kill()
}

async function resumeFromSnapshot(trial: Trial): Promise<void> {
  await resumeAs(trial, await loadSnapshot(trial.folder, trial.plan, [], trial.lifetime))
}

/** A guest that prints a line is one that runs. */
async function resumeAs(trial: Trial, guest: RunningGuest): Promise<void> {
  trial.guest = guest
  const line = guest.console.lineWhere((text) => text.trim() !== '')
  await awaitGuest(guest, 'a line on the console', trial.timeoutMs, line)
}
