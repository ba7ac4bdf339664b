import { join } from 'node:path'
import { projectFolder } from '../platform/call-folder.ts'

/** One folder a run, sorted by time; the process id keeps apart runs of the same second. */
export function defaultOut(): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-')
  return join(projectFolder, 'reports', 'out', `${time}Z-${process.pid}`)
}
