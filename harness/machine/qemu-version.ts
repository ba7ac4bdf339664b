import { readFile, stat, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import type { Architecture } from '../model/architecture.ts'
import { cached, cacheKey } from '../platform/cache/cache.ts'
import { requireTool } from '../platform/process/run-tool.ts'

/**
 * As QEMU prints it, such as `7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)`, and asked once for each file of it: to load it takes
 * as long as to fork a guest. Throws EnvironmentFault where it is missing.
 */
export async function qemuVersion({ emulator }: Architecture): Promise<string> {
  const identity = await programIdentity(emulator)
  if (identity === undefined) return ask(emulator)
  const folder = await cached('probe', cacheKey('qemu version', identity), async (making) =>
    writeFile(join(making, 'version'), await ask(emulator)),
  )
  return readFile(join(folder, 'version'), 'utf8')
}

async function ask(emulator: string): Promise<string> {
  const { stdout } = await requireTool(emulator, ['--version'], { timeoutMs: 30_000 })
  return /version (.+)/.exec(stdout.toString('utf8'))?.[1] ?? 'unknown'
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
