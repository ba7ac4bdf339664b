import { mkdirSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { CallFault } from '../../model/faults.ts'
import { cached } from '../../platform/cache/cache.ts'
import { evictOldest, kindLimits } from '../../platform/cache/cache-kinds.ts'
import { ResultStore } from './result-store.ts'

/**
 * The results under these conditions: in the cache, or in a folder that the user names, which is bounded as the cache is. Throws
 * CallFault where that is no folder; one that cannot be written to is read all the same.
 * @param conditions their key
 */
export async function openResultStore(conditions: string, folder: string | undefined): Promise<ResultStore> {
  if (folder === undefined) return new ResultStore(await cached('results', conditions, async () => {}))
  const own = join(folder, conditions)
  try {
    const isNew = mkdirSync(own, { recursive: true }) !== undefined
    utimesSync(own, new Date(), new Date())
    if (isNew) await evictOldest(folder, kindLimits.results)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOTDIR' || code === 'EEXIST')
      throw new CallFault(`--reuse ${folder} is not a folder and cannot become one.`, { cause })
  }
  return new ResultStore(own)
}
