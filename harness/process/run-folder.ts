import { mkdir, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAlive, processMark } from './process-mark.ts'

const root = () => join(tmpdir(), 'vpdmn-conformance')

/**
 * Makes this run's temporary folder and removes those of runs that were killed. A folder is named by process id and
 * start time, so that a reused process id does not protect a dead run's folder.
 */
export async function openRunFolder(): Promise<string> {
  await mkdir(root(), { recursive: true })
  await removeDeadRuns()
  const folder = join(root(), `run-${processMark()}`)
  await mkdir(folder, { recursive: true })
  return folder
}

async function removeDeadRuns(): Promise<void> {
  for (const name of await readdir(root())) {
    const [, mark] = /^run-(.+)$/.exec(name) ?? []
    if (mark && !isAlive(mark)) await rm(join(root(), name), { recursive: true, force: true })
  }
}
