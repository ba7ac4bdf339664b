import { existsSync, readFileSync } from 'node:fs'

/** This process as a part of a file name: its id and start time, so that a reused id is not taken for it. */
export const processMark = (): string => `${process.pid}-${startTime(process.pid)}`

/** Whether the process that made a mark still lives. */
export function isAlive(mark: string): boolean {
  const [, pid, started] = /^(\d+)-(\d+)$/.exec(mark) ?? []
  return pid !== undefined && startTime(Number(pid)) === started
}

/** Start time of a process in clock ticks since boot (field 22 of /proc/PID/stat, proc(5)); undefined where there is none. */
function startTime(pid: number): string | undefined {
  const path = `/proc/${pid}/stat`
  if (!existsSync(path)) return undefined
  const afterName = readFileSync(path, 'utf8').split(') ').at(-1) ?? ''
  return afterName.split(' ')[19]
}
