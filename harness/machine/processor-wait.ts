import { readdirSync, readFileSync } from 'node:fs'
import { cpuMsOf, msPerTick } from './processor-time.ts'

const nanosecondsPerMs = 1e6
/** Contract: `-smp 2`. */
const guestProcessors = 2

/**
 * Begins to count how long a guest's QEMU waits for a processor through no doing of its own, and returns how to read it, in
 * milliseconds. Of its threads that counts which waited longest: the others do nothing without it. What is ready to run and does not
 * counts as waiting; what sleeps does not (Linux, Documentation/scheduler/sched-stats.rst, "/proc/<pid>/schedstat"). A guest that
 * keeps many threads busy has them wait for one another: time that QEMU has had in all, spread over the guest's processors, is no
 * wait. A kernel that keeps no such statistics, and a process that is gone, wait for nothing.
 */
export function processorWait(pid: number): () => number {
  const waits = waitsFromNow(pid)
  const [startedMs, usedBeforeMs] = [performance.now(), usedMs(pid)]
  return () => {
    const ranMs = (usedMs(pid) - usedBeforeMs) / guestProcessors
    const notRunMs = performance.now() - startedMs - ranMs
    return Math.max(0, Math.min(Math.max(0, ...waits()) / nanosecondsPerMs, notRunMs))
  }
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

/** 0 of a process that is gone. */
const usedMs = (pid: number): number => orNone(() => [cpuMsOf(pid)])[0] ?? 0

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
