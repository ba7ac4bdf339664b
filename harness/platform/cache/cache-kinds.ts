import { existsSync } from 'node:fs'
import { lstat, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { keysInUse } from './in-use.ts'

const gibibyte = 1024 ** 3

/**
 * What the cache holds, and how much disk each kind may take before the entries that were not used for longest go: a boot
 * kit or a Xen host takes 50 MB, an agent 20 MB, an initramfs 20 MB, an image 60 MB, a template 250 to 400 MB, all workloads 110 MB, configuration files of a
 * release 1 MB, the results of an image 2 MB.
 */
export const kindLimits = {
  kit: gibibyte,
  agent: gibibyte / 4,
  initramfs: gibibyte,
  image: 2 * gibibyte,
  workloads: gibibyte,
  authority: gibibyte,
  template: 6 * gibibyte,
  probe: gibibyte,
  'xen-host': gibibyte,
  files: gibibyte / 16,
  results: gibibyte / 4,
} as const

export type CacheKind = keyof typeof kindLimits

export interface CacheEntry {
  key: string
  path: string
  /** Disk space taken, holes not counted. */
  sizeBytes: number
  lastUsed: Date
  inUse: boolean
}

/** The whole entries of a kind of cache, the one used last first. */
export async function listEntries(kindFolder: string): Promise<CacheEntry[]> {
  const keys = existsSync(kindFolder) ? (await readdir(kindFolder)).filter(isKey) : []
  const used = await keysInUse(kindFolder)
  const entries = await Promise.all(
    keys.map(async (key) => {
      const path = join(kindFolder, key)
      const lastUsed = (await stat(path).catch(() => undefined))?.mtime ?? new Date(0)
      return { key, path, sizeBytes: await diskUsage(path), lastUsed, inUse: used.has(key) }
    }),
  )
  return entries.sort((a, b) => b.lastUsed.getTime() - a.lastUsed.getTime())
}

/** Locks, marks and entries in the making lie beside the entries. */
const isKey = (name: string): boolean => /^[\da-f]{32}$/.test(name)

/** Removes the entries used longest ago until the kind is within its limit; what a living process uses stays. */
export async function evictOldest(kindFolder: string, limitBytes: number): Promise<void> {
  const entries = await listEntries(kindFolder)
  let totalBytes = entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  for (const { path, sizeBytes, inUse } of entries.reverse()) {
    if (totalBytes <= limitBytes) return
    if (inUse) continue
    await rm(path, { recursive: true, force: true })
    totalBytes -= sizeBytes
  }
}

/** Bytes on disk of a file or folder, by allocated blocks of 512 bytes (stat(2)); what another run removes counts nothing. */
async function diskUsage(path: string): Promise<number> {
  const status = await lstat(path).catch(() => undefined)
  if (!status) return 0
  const own = status.blocks * 512
  if (!status.isDirectory()) return own
  const names = await readdir(path).catch(() => [])
  const inside = await Promise.all(names.map((name) => diskUsage(join(path, name))))
  return inside.reduce((sum, size) => sum + size, own)
}
