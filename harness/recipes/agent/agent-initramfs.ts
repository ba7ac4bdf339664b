import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BootFiles } from '../../image/image-file.ts'
import type { GuestPlan } from '../../machine/guest-plan.ts'
import { cached, cacheKey } from '../../platform/cache/cache.ts'
import { agentParameters } from './agent-archive.ts'

const fileName = 'initramfs'

/**
 * Returns the path of an initramfs behind the archive that brings the agent. The kernel unpacks one after the other. Ours comes
 * first: what a kernel makes of bytes that follow a compressed archive differs by its compression (Linux, lib/decompress_*.c).
 */
export async function ensureAgentInitramfs(agentArchive: string, initramfs: string): Promise<string> {
  const parts = await Promise.all([readFile(agentArchive), readFile(initramfs)])
  const make = (folder: string) => writeFile(join(folder, fileName), Buffer.concat(parts))
  return join(await cached('initramfs', cacheKey(...parts), make), fileName)
}

/** What boots a guest that has the harness's agent. `rdinit=` is first, since the kernel forgets init's arguments before it. */
export const bootWithAgent = (
  { kernel, agentInitramfs }: BootFiles,
  parameters: readonly string[],
): NonNullable<GuestPlan['boot']> => ({
  kernel,
  initramfs: agentInitramfs,
  parameters: [...agentParameters, ...parameters],
})
