import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = () => join(tmpdir(), 'vpdmn-conformance')

/**
 * Makes this run's temporary folder and removes those of runs that were killed. A folder is named by process id and
 * start time, so that a reused process id does not protect a dead run's folder.
 */
export async function openRunFolder(): Promise<string> {
  await mkdir(root(), { recursive: true })
  await removeDeadRuns()
  const folder = join(root(), `run-${process.pid}-${startTime(process.pid)}`)
  await mkdir(folder, { recursive: true })
  return folder
}

async function removeDeadRuns(): Promise<void> {
  for (const name of await readdir(root())) {
    const [, pid, started] = /^run-(\d+)-(\w+)$/.exec(name) ?? []
    if (pid && startTime(Number(pid)) !== started) await rm(join(root(), name), { recursive: true, force: true })
  }
}

/** Start time of a process in clock ticks since boot (field 22 of /proc/PID/stat, proc(5)); `none` where there is none. */
export function startTime(pid: number): string {
  const path = `/proc/${pid}/stat`
  if (!existsSync(path)) return 'none'
  const afterName = readFileSync(path, 'utf8').split(') ').at(-1) ?? ''
  return afterName.split(' ')[19] ?? 'none'
}
