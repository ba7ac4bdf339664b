import { readdirSync, readFileSync } from 'node:fs'

const nanosecondsPerMs = 1e6

/**
 * Begins to count how long a process waits for a processor, and returns how to read it, in milliseconds. Of its threads that
 * counts which waited longest: the others do nothing without it. What is ready to run and does not counts as waiting; what
 * sleeps does not (Linux, Documentation/scheduler/sched-stats.rst, "/proc/<pid>/schedstat"). A kernel that keeps no such
 * statistics, and a process that is gone, wait for nothing.
 */
export function processorWait(pid: number): () => number {
  const before = threadWaits(pid)
  return () => {
    const waits = [...threadWaits(pid)].map(([thread, waitNs]) => waitNs - (before.get(thread) ?? 0))
    return Math.max(0, ...waits) / nanosecondsPerMs
  }
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

/** Threads and processes end between two looks. */
function orNone<T>(read: () => T[]): T[] {
  try {
    return read()
  } catch {
    return []
  }
}
