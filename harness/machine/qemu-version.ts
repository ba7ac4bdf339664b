import { readFile, stat, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import type { Architecture } from '../model/architecture.ts'
import { cached, cacheKey } from '../platform/cache/cache.ts'
import { requireTool, runTool } from '../platform/process/run-tool.ts'

/**
 * As QEMU prints it, such as `7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)`, and asked once for each file of it: to load it takes
 * as long as to fork a guest. Throws EnvironmentFault where it is missing.
 */
export const qemuVersion = ({ emulator }: Architecture): Promise<string> =>
  askedOnce(emulator, 'qemu version', async () => {
    const { stdout } = await requireTool(emulator, ['--version'], { timeoutMs })
    return /version (.+)/.exec(stdout.toString('utf8'))?.[1] ?? 'unknown'
  })

/** Whether this QEMU was built with its filter of system calls (seccomp); asked once for each file of it. */
export async function hasSandbox({ emulator }: Architecture): Promise<boolean> {
  const answer = await askedOnce(emulator, 'qemu sandbox', async () => {
    const { exitCode } = await runTool(emulator, ['-sandbox', 'on', '-version'], { timeoutMs })
    return exitCode === 0 ? 'yes' : 'no'
  })
  return answer === 'yes'
}

const timeoutMs = 30_000

async function askedOnce(emulator: string, question: string, ask: () => Promise<string>): Promise<string> {
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
