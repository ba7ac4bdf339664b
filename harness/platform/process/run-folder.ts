import { mkdirSync } from 'node:fs'
import { mkdtemp, readdir } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { EnvironmentFault } from '../../model/faults.ts'
import type { Lifetime } from './lifetime.ts'
import { openOwnFolder } from './own-folder.mjs'
import { isAlive, processMark } from './process-mark.ts'
import { removeFolder } from './remove-folder.ts'

/**
 * The folder of this user's runs. Others do not list it, but whoever acts in a run by another name, as fake roots do, gets
 * through. Throws EnvironmentFault where another made it first: its name can be known beforehand.
 */
function openRoot(): string {
  const root = join(tmpdir(), `vpdmn-conformance-${userInfo().uid}`)
  const complaint = openOwnFolder(root, 0o711)
  if (complaint === undefined) return root
  throw new EnvironmentFault(
    'E_UNSAFE_FOLDER',
    `${root} ${complaint}: remove it, or set TMPDIR to a folder of your own.`,
  )
}

/**
 * The temporary folder of this process, made where it is not there. It is named by process id and start time, so that a reused
 * process id does not protect a dead run's folder: those of runs that were killed are removed.
 */
export async function ensureRunFolder(): Promise<string> {
  const root = openRoot()
  await removeDeadRuns(root)
  return madeIn(root)
}

/**
 * The same, which goes with the run, as do the folders of the run's own processes that were killed at its end. Throws
 * EnvironmentFault where the run ended meanwhile.
 */
export async function openRunFolder(lifetime: Lifetime): Promise<string> {
  const root = openRoot()
  lifetime.defer(() => removeDeadRuns(root), 'folders of processes that have ended')
  await removeDeadRuns(root)
  if (lifetime.hasEnded) throw new EnvironmentFault('E_INTERRUPTED', 'The run was ended before it had a folder.')
  const folder = madeIn(root)
  lifetime.defer(() => removeFolder(folder), `the folder ${folder}`)
  return folder
}

/** Makes it at once: what were made while others act could come about behind the end that would remove it, and stay. */
function madeIn(root: string): string {
  const folder = join(root, `run-${processMark()}`)
  mkdirSync(folder, { recursive: true, mode: 0o711 })
  return folder
}

/** Makes a folder whose path is short enough for sockets in it (108 bytes, unix(7)); whoever opens it removes it. */
export const openScratchFolder = async (): Promise<string> => mkdtemp(join(openRoot(), `run-${processMark()}.`))

async function removeDeadRuns(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    const [, mark] = /^run-([^.]+)/.exec(name) ?? []
    if (mark && !isAlive(mark)) await removeFolder(join(root, name))
  }
}
