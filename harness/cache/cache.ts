import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import lockfile from 'proper-lockfile'
import { EnvironmentFault } from '../faults.ts'

/** What the cache holds, how many entries of each kind it keeps, oldest use evicted first. */
const keptEntries = { kit: 6, image: 8, tree: 4, workloads: 4, template: 6, probe: 4 } as const
export type CacheKind = keyof typeof keptEntries

/** An entry used within this time is never evicted: another run may be about to open it. */
const inUseMs = 60 * 60_000
/** Longest wait for another run that makes the same entry; a reference image takes under 2 minutes to build. */
const lockWaitMs = 15 * 60_000

export interface CacheUse {
  /** Make the entry anew even where it exists. */
  force?: boolean
}

export const cacheRoot = (): string =>
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'vpdmn-conformance')

/** SHA-256 over all inputs that shape an entry; the parts are joined by NUL so that none runs into the next. */
export function cacheKey(...inputs: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const input of inputs) hash.update(input).update('\0')
  return hash.digest('hex').slice(0, 32)
}

/**
 * Returns the folder of a cache entry, made by `make` where it is missing. One run makes it under a lock, the others
 * wait; it appears by rename, whole or not at all.
 */
export async function cached(
  kind: CacheKind,
  key: string,
  make: (folder: string) => Promise<void>,
  use: CacheUse = {},
): Promise<string> {
  const shelf = join(cacheRoot(), kind)
  const entry = join(shelf, key)
  await mkdir(shelf, { recursive: true })
  if (use.force || !existsSync(entry)) await makeUnderLock(shelf, entry, make, use)
  const now = new Date()
  await utimes(entry, now, now)
  return entry
}

async function makeUnderLock(
  shelf: string,
  entry: string,
  make: (folder: string) => Promise<void>,
  use: CacheUse,
): Promise<void> {
  const release = await lock(entry)
  try {
    if (existsSync(entry) && !use.force) return
    const making = await mkdtemp(join(shelf, '.making-'))
    try {
      await make(making)
      await rm(entry, { recursive: true, force: true })
      await rename(making, entry)
    } finally {
      await rm(making, { recursive: true, force: true })
    }
    await evictOldest(shelf)
  } finally {
    await release()
  }
}

async function lock(entry: string): Promise<() => Promise<void>> {
  const retryMs = 500
  try {
    return await lockfile.lock(entry, {
      realpath: false,
      stale: 10_000,
      retries: { retries: lockWaitMs / retryMs, factor: 1, minTimeout: retryMs, maxTimeout: retryMs },
    })
  } catch (cause) {
    throw new EnvironmentFault(
      `The cache entry ${entry} stayed locked by another run for ${lockWaitMs / 60_000} minutes.`,
      {
        cause,
      },
    )
  }
}

async function evictOldest(shelf: string): Promise<void> {
  const kind = shelf.split('/').at(-1) as CacheKind
  const names = (await readdir(shelf)).filter((name) => !name.endsWith('.lock'))
  const entries = await Promise.all(
    names.map(async (name) => ({ path: join(shelf, name), usedMs: (await stat(join(shelf, name))).mtimeMs })),
  )
  const evictable = entries.sort((a, b) => b.usedMs - a.usedMs).slice(keptEntries[kind])
  for (const entry of evictable)
    if (Date.now() - entry.usedMs > inUseMs) await rm(entry.path, { recursive: true, force: true })
}
