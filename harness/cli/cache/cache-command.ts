import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { CallFault } from '../../model/faults.ts'
import { formatBytes } from '../../model/quantities.ts'
import { cacheRoot } from '../../platform/cache/cache.ts'
import { type CacheEntry, type CacheKind, kindLimits, listEntries } from '../../platform/cache/cache-kinds.ts'

const help = `Usage: npx zx harness/cache.mjs list|clear

Shows what the harness has built and keeps between runs, or removes what no
running harness uses. Everything is made anew when it is needed again.

  list     each entry: kind, size on disk, last use
  clear    remove all entries that are not in use
  --help   this text

The cache lies in $XDG_CACHE_HOME/vpdmn-conformance, by default in ~/.cache.
`

const commands: Record<string, () => Promise<string>> = { list, clear, '--help': async () => help }

/** Lists or clears the cache. Throws CallFault for any other word. Returns the exit code. */
export async function runCacheCommand(args: readonly string[]): Promise<number> {
  const command = args.length === 1 ? commands[args[0] as string] : undefined
  if (!command) throw new CallFault('cache.mjs requires one argument, list or clear; see --help.')
  process.stdout.write(await command())
  return 0
}

type KindEntry = CacheEntry & { kind: CacheKind }

async function list(): Promise<string> {
  const entries = await allEntries()
  const lines = entries.map(
    ({ kind, key, sizeBytes, lastUsed, inUse }) =>
      `${kind.padEnd(10)} ${formatBytes(sizeBytes).padStart(9)}  ${day(lastUsed)}  ${key}${inUse ? '  in use' : ''}\n`,
  )
  return `${lines.join('')}${total(entries)} in ${cacheRoot()}\n`
}

async function clear(): Promise<string> {
  const entries = await allEntries()
  const unused = entries.filter(({ inUse }) => !inUse)
  for (const { path } of unused) await rm(path, { recursive: true, force: true })
  const kept = entries.length - unused.length
  return `Removed ${total(unused)}${kept > 0 ? `; ${kept} in use by a running harness stay` : ''}.\n`
}

async function allEntries(): Promise<KindEntry[]> {
  const kinds = Object.keys(kindLimits) as CacheKind[]
  const byKind = kinds.map(async (kind) =>
    (await listEntries(join(cacheRoot(), kind))).map((entry) => ({ ...entry, kind })),
  )
  return (await Promise.all(byKind)).flat()
}

const day = (date: Date): string => date.toISOString().slice(0, 16).replace('T', ' ')

const total = (entries: readonly CacheEntry[]): string =>
  `${entries.length} ${entries.length === 1 ? 'entry' : 'entries'}, ${formatBytes(entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0))}`
