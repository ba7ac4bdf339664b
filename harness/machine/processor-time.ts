import { readFileSync } from 'node:fs'

/** Linux counts CPU time in these for every process (proc(5), /proc/PID/stat; sysconf _SC_CLK_TCK is 100). */
export const msPerTick = 10

/** CPU time of a process with all its threads: fields 14 and 15 of proc(5), counted behind the name in brackets, which may hold anything. */
export function cpuMsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * msPerTick
}
