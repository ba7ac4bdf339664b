import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Random } from '../fuzz/random.ts'
import { nameOf, processesOf, runApart } from './run-apart.ts'

const targets = ['the harness', 'QEMU'] as const
const signals = ['SIGKILL', 'SIGTERM', 'SIGINT'] as const

export interface RandomKill {
  index: number
  target: (typeof targets)[number]
  signal: (typeof signals)[number]
  /** From the start of the run. */
  afterMs: number
}

export interface KillResult {
  kill: RandomKill
  /** What is wrong, in sentences. */
  faults: string[]
  /** Of the run that was killed, to its end. */
  seconds: number
}

/**
 * An ended run is cleaned up within seconds. One whose QEMU was killed goes on to its end: 80 s on an idle machine, 170 s beside as many
 * busy processes as there are processors, 270 s beside four for each, and more than 600 s beside six.
 */
const runTimeoutMs = 1_800_000
const signalNumber = { SIGKILL: 137, SIGTERM: 143, SIGINT: 130 }

/** The kill of this number, within this time of its run's start: the same of the same seed. */
export function randomKill(seed: number, index: number, spreadMs: number): RandomKill {
  const random = new Random(seed, index)
  // The harness is what has something to clean up.
  const target = random.below(4) === 0 ? 'QEMU' : 'the harness'
  return { index, target, signal: random.pick(signals), afterMs: random.below(spreadMs) }
}

/** A program of the harness with its arguments; `out` is where it writes its reports. */
export interface KilledRun {
  script: string
  args: readonly string[]
  out: string
  /** About as long as it takes by itself on an idle machine with two processors. */
  spreadMs: number
  /** Exit codes of a run that nobody killed, or whose QEMU was. */
  exitCodes: readonly (number | null)[]
}

/**
 * Starts a run, kills it or one of its QEMUs, and looks at what is left: nothing where the run could clean up, and nothing of a
 * run that was killed outright once the next one has started, which must work.
 */
export async function killOnce(
  kill: RandomKill,
  killed: KilledRun,
  next: KilledRun,
  folder: string,
): Promise<KillResult> {
  let hasHit = false
  const meanwhile = async (pid: number) => {
    await pause(kill.afterMs)
    for (const victim of await victimsOf(kill, pid, folder)) hasHit = strike(victim, kill.signal) || hasHit
  }
  const run = await runApart(killed.script, killed.args, folder, { timeoutMs: runTimeoutMs, meanwhile })
  const outright = hasHit && kill.target === 'the harness' && kill.signal === 'SIGKILL'
  const byKill = hasHit && kill.target === 'the harness' ? [null, signalNumber[kill.signal]] : []
  const ended = [...killed.exitCodes, ...byKill].includes(run.exitCode)
  const wrongEnd = ended ? [] : [`It ended with ${run.exitCode}: ${run.output.trim().slice(-500)}`]
  // Folders of a run that was killed outright are the next one's to remove; processes may not outlive it.
  const left = run.left.filter((what) => !outright || what.startsWith('process'))
  const faults = [...wrongEnd, ...left.map((what) => `Left behind: ${what}.`), ...(await halfWritten(killed.out))]
  const seconds = Math.round(run.durationMs / 1000)
  return { kill, seconds, faults: [...faults, ...(await faultsOfNext(next, folder))] }
}

async function victimsOf({ target }: RandomKill, pid: number, folder: string): Promise<number[]> {
  if (target === 'the harness') return [pid]
  const named = await Promise.all((await processesOf(folder)).map(async (one) => ({ one, name: await nameOf(one) })))
  return named.filter(({ name }) => name.includes('qemu-system')).map(({ one }) => one)
}

function strike(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal)
  } catch {
    // It has ended by itself.
    return false
  }
}

/** A report is there as a whole or not at all. */
async function halfWritten(out: string): Promise<string[]> {
  const text = await readFile(join(out, 'report.json'), 'utf8').catch(() => undefined)
  try {
    if (text !== undefined) JSON.parse(text)
    return []
  } catch {
    return [`report.json ends after ${text?.length} characters.`]
  }
}

async function faultsOfNext(next: KilledRun, folder: string): Promise<string[]> {
  const { exitCode, output, left } = await runApart(next.script, next.args, folder, { timeoutMs: runTimeoutMs })
  const broken = next.exitCodes.includes(exitCode) ? [] : [`The next run ended with ${exitCode}: ${output.slice(-500)}`]
  return [...broken, ...left.map((what) => `Left behind after the next run: ${what}.`)]
}
