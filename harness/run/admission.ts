import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, freemem, loadavg } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** What the machine has to give, and how many tests of this run have a guest already. */
export interface MachineLoad {
  freeBytes: number
  /** Processes that run or want to, on average over the last minute (proc_loadavg(5)). */
  load: number
  coreCount: number
  otherTests: number
}

/** Memory of a guest (boot contract: 2 GiB), with QEMU's own. */
const guestBytes = 2.25 * 1024 ** 3
/** Own guests with their two processors each, and what serves them, come to two for each core; from three on they wait for others. */
const maxLoadPerCore = 3

/**
 * Whether a further test may begin, which will start guests. One may always: a run that waits for a machine that others keep busy would
 * never end.
 */
export const mayBegin = ({ freeBytes, load, coreCount, otherTests }: MachineLoad): boolean =>
  otherTests === 0 || (freeBytes >= guestBytes && load <= maxLoadPerCore * coreCount)

const lookEveryMs = 1000
/** A machine that is busy for longer than this stays so: then tests run side by side all the same. */
export const longestWaitMs = 120_000

type LoadOf = (otherTests: number) => MachineLoad

const loadOf: LoadOf = (otherTests) => ({
  freeBytes: freemem(),
  load: loadavg()[0] ?? 0,
  coreCount: availableParallelism(),
  otherTests,
})

/**
 * Waits until a test may begin beside those of the other workers of the run, which are told by files in a folder that they share, and
 * returns how to tell that it has ended. Waits no longer than its bound.
 */
export async function admitTest(folder: string, read: LoadOf = loadOf, boundMs = longestWaitMs): Promise<() => void> {
  makeFolder(folder)
  const own = String(process.pid)
  const endsAtMs = performance.now() + boundMs
  while (!mayBegin(read(otherTests(folder, own))) && performance.now() < endsAtMs)
    await delay(Math.min(lookEveryMs, boundMs))
  writeFileSync(join(folder, own), '')
  return () => rmSync(join(folder, own), { force: true })
}

/** Not what is above it: a run that was ended meanwhile has removed its folder, which would come about again. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

/** A worker that was killed leaves its file behind, and counts no more. */
const otherTests = (folder: string, own: string): number =>
  readdirSync(folder).filter((worker) => worker !== own && existsSync(`/proc/${worker}`)).length
