import { join } from 'node:path'
import { callFolder, isInstalled, projectFolder } from '../platform/call-folder.ts'

/**
 * One folder a run, sorted by time; the process id keeps apart runs of the same second. In the project, or where the call was made if
 * the harness is a package of another project.
 */
export function defaultOut(): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-')
  return join(isInstalled ? callFolder() : projectFolder, 'reports', 'out', `${time}Z-${process.pid}`)
}
