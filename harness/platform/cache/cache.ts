import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { rename, rm, utimes } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { EnvironmentFault } from '../../model/faults.ts'
import { openOwnFolder } from '../process/own-folder.mjs'
import { type CacheKind, evictOldest, kindLimits } from './cache-kinds.ts'
import { markUsed, openMaking, removeDeadMakings } from './in-use.ts'

/** Longest wait for another run that makes the same entry; the slowest, a template on a loaded machine, takes 5 minutes. */
const lockWaitMs = 15 * 60_000
const lockRetryMs = 500
/** A lock whose owner has not renewed it for this long belongs to a process that was killed. */
const staleLockMs = 30_000

export interface CacheUse {
  /** Make the entry anew even where it exists. */
  force?: boolean
}

/** Where the cache lies (XDG Base Directory Specification). */
export const cacheRoot = (): string =>
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'vpdmn-conformance')

/** Opens a folder of the cache, or the cache itself. Throws EnvironmentFault where others could put into it what is then booted. */
function openCacheFolder(...parts: readonly string[]): string {
  const path = join(cacheRoot(), ...parts)
  const complaint = openOwnFolder(path, 0o755)
  if (complaint === undefined) return path
  const remedy = `"chmod go-w ${path}" where it is yours, or XDG_CACHE_HOME set to a folder of your own`
  throw new EnvironmentFault(
    'E_UNSAFE_FOLDER',
    `${path} ${complaint}; what the cache holds is booted. Remedy: ${remedy}.`,
  )
}

/** SHA-256 over all inputs that shape an entry; the parts are joined by NUL so that none runs into the next. */
export function cacheKey(...inputs: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const input of inputs) hash.update(input).update('\0')
  return hash.digest('hex').slice(0, 32)
}

/**
 * Returns the folder of a cache entry, made by `make` where it is missing. One run makes it under a lock, the others
 * wait; it appears by rename, whole or not at all. It is not evicted while this process lives.
 */
export async function cached(
  kind: CacheKind,
  key: string,
  make: (folder: string) => Promise<void>,
  use: CacheUse = {},
): Promise<string> {
  openCacheFolder()
  const kindFolder = openCacheFolder(kind)
  const entry = join(kindFolder, key)
  await markUsed(kindFolder, key)
  if (use.force || !existsSync(entry)) {
    await makeUnderLock(kindFolder, entry, make, use)
    await evictOldest(kindFolder, kindLimits[kind])
  }
  const now = new Date()
  await utimes(entry, now, now)
  return entry
}

async function makeUnderLock(
  kindFolder: string,
  entry: string,
  make: (folder: string) => Promise<void>,
  use: CacheUse,
): Promise<void> {
  const release = await lock(entry)
  try {
    if (existsSync(entry) && !use.force) return
    await removeDeadMakings(kindFolder)
    const making = await openMaking(kindFolder)
    try {
      await make(making)
      await replace(entry, making)
    } finally {
      await rm(making, { recursive: true, force: true })
    }
  } finally {
    await release()
  }
}

/** Puts the new folder in the old one's place; who reads the old one keeps its open files. */
async function replace(entry: string, made: string): Promise<void> {
  const old = `${made}.old`
  if (existsSync(entry)) await rename(entry, old)
  await rename(made, entry)
  await rm(old, { recursive: true, force: true })
}

async function lock(entry: string): Promise<() => Promise<void>> {
  // Loaded with the first lock, as most runs make nothing.
  const { default: lockfile } = await import('proper-lockfile')
  const retries = { retries: lockWaitMs / lockRetryMs, factor: 1, minTimeout: lockRetryMs, maxTimeout: lockRetryMs }
  try {
    return await lockfile.lock(entry, { realpath: false, stale: staleLockMs, retries })
  } catch (cause) {
    const minutes = lockWaitMs / 60_000
    throw new EnvironmentFault(
      'E_LOCKED',
      `The cache entry ${entry} stayed locked by another run for ${minutes} minutes.`,
      {
        cause,
      },
    )
  }
}
