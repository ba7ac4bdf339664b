import { readFileSync } from 'node:fs'
import type { Child } from '../platform/process/start-child.ts'

/** QEMU as a process of the host, with or without name spaces of its own around it. */
export interface QemuProcess {
  /** QEMU's own process ID; that of what was started, as long as QEMU is not there. */
  pid(): number
  /** Kills it, and waits until it and all that it started are gone. */
  kill(): Promise<void>
}

/**
 * Finds QEMU among what was started. In name spaces of its own it is the child of their first process, which is the child of what
 * keeps them (bwrap(1)). The first process is what is killed: it is gone when all others in there are (pid_namespaces(7)), so
 * that no lock of a disk is held any more.
 */
export function qemuProcess(child: Child, hasView: boolean): QemuProcess {
  if (!hasView) return { pid: () => child.pid, kill: () => child.kill() }
  const firstOf = (pid: number | undefined): number | undefined => (pid === undefined ? undefined : childrenOf(pid)[0])
  return {
    pid: () => firstOf(firstOf(child.pid)) ?? child.pid,
    async kill() {
      const first = firstOf(child.pid)
      if (first === undefined || !hasKilled(first)) await child.kill()
      await child.ended
    },
  }
}

/** Oldest first (proc(5), "/proc/pid/task/tid/children"); none of a process that has ended. */
function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

function hasKilled(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL')
  } catch {
    return false
  }
}
