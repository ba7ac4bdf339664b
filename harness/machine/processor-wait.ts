import { readdirSync, readFileSync } from 'node:fs'

const nanosecondsPerMs = 1e6
/** The unit of /proc/stat, the same on both architectures (Linux, include/uapi/asm-generic/param.h, USER_HZ). */
const msPerTick = 10

/**
 * Begins to count how long a process waits for a processor, and returns how to read it, in milliseconds. Of its threads that
 * counts which waited longest: the others do nothing without it. What is ready to run and does not counts as waiting; what
 * sleeps does not (Linux, Documentation/scheduler/sched-stats.rst, "/proc/<pid>/schedstat"). A kernel that keeps no such
 * statistics, and a process that is gone, wait for nothing.
 */
export function processorWait(pid: number): () => number {
  const waits = waitsFromNow(pid)
  return () => Math.max(0, ...waits()) / nanosecondsPerMs
}

/**
 * Begins to count for how long the machine can have kept a process from its work at the very most, and returns how to read it, in
 * milliseconds: the waits of all its threads, as if each had waited for the one before, and what a hypervisor below this machine took
 * from its processors.
 */
export function longestDelay(pid: number): () => number {
  const waits = waitsFromNow(pid)
  const stolenBefore = stolenMs()
  return () => waits().reduce((sum, wait) => sum + wait, 0) / nanosecondsPerMs + stolenMs() - stolenBefore
}

/** Nanoseconds that each thread waits from now on. */
function waitsFromNow(pid: number): () => number[] {
  const before = threadWaits(pid)
  return () => [...threadWaits(pid)].map(([thread, waitNs]) => waitNs - (before.get(thread) ?? 0))
}

/** Nanoseconds that each living thread has waited, by its ID. */
function threadWaits(pid: number): Map<string, number> {
  const folder = `/proc/${pid}/task`
  return new Map(orNone(() => readdirSync(folder)).flatMap((thread) => waitOf(folder, thread)))
}

function waitOf(folder: string, thread: string): [string, number][] {
  const [, waitNs] = orNone(() => readFileSync(`${folder}/${thread}/schedstat`, 'utf8').split(' '))
  return waitNs === undefined ? [] : [[thread, Number(waitNs)]]
}

/** Of all processors since the machine started: the eighth figure of the first line (proc_stat(5), "steal"). */
function stolenMs(): number {
  const [, ...ticks] = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0]?.split(/\s+/) ?? []
  return Number(ticks[7] ?? 0) * msPerTick
}

/** Threads and processes end between two looks. */
function orNone<T>(read: () => T[]): T[] {
  try {
    return read()
  } catch {
    return []
  }
}
