import { readFile, stat, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { cached, cacheKey } from '../platform/cache/cache.ts'

/** Loading QEMU takes as long as forking a guest; this is several times that of a loaded machine. */
export const questionTimeoutMs = 30_000

/** What a QEMU says of itself, asked once for each file of it. */
export async function askedOnce(emulator: string, question: string, ask: () => Promise<string>): Promise<string> {
  const identity = await programIdentity(emulator)
  if (identity === undefined) return ask()
  const folder = await cached('probe', cacheKey(question, 'answer', identity), async (making) =>
    writeFile(join(making, 'answer'), await ask()),
  )
  return readFile(join(folder, 'answer'), 'utf8')
}

/** Path, size and times of the file that a name on the path leads to; an update changes its change time at least. */
async function programIdentity(name: string): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name)
    const status = await stat(path).catch(() => undefined)
    if (status?.isFile()) return [path, status.size, status.ino, status.mtimeMs, status.ctimeMs].join()
  }
  return undefined
}
