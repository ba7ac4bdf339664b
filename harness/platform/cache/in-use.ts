import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isAlive, processMark } from '../process/process-mark.ts'

const marksOf = (kindFolder: string): string => join(kindFolder, '.in-use')

/** Marks an entry as used by this process, for as long as the process lives. */
export async function markUsed(kindFolder: string, key: string): Promise<void> {
  await mkdir(marksOf(kindFolder), { recursive: true })
  await writeFile(join(marksOf(kindFolder), `${key}.${processMark()}`), '')
}

/** Keys of the entries that living processes use; marks of dead ones are removed. */
export async function keysInUse(kindFolder: string): Promise<Set<string>> {
  const keys = new Set<string>()
  for (const mark of existsSync(marksOf(kindFolder)) ? await readdir(marksOf(kindFolder)) : []) {
    const [key = '', owner = ''] = mark.split('.')
    if (isAlive(owner)) keys.add(key)
    else await rm(join(marksOf(kindFolder), mark), { force: true })
  }
  return keys
}

const makingPrefix = '.making-'

/** A folder beside the entries, in which one is made. */
export const openMaking = (kindFolder: string): Promise<string> =>
  mkdtemp(join(kindFolder, `${makingPrefix}${processMark()}.`))

/** Removes what processes that were killed had begun to make. */
export async function removeDeadMakings(kindFolder: string): Promise<void> {
  for (const name of (await readdir(kindFolder)).filter((entry) => entry.startsWith(makingPrefix))) {
    const owner = name.slice(makingPrefix.length).split('.')[0] ?? ''
    if (!isAlive(owner)) await rm(join(kindFolder, name), { recursive: true, force: true })
  }
}
