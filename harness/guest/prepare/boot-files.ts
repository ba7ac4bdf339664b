import { readFilesBeside, type UserBootFiles, withUserFiles } from '../../image/boot-files/user-boot-files.ts'
import type { FoundImage } from '../../image/find-images.ts'
import type { BootFiles } from '../../image/image-file.ts'
import type { ArchitectureName } from '../../model/architecture.ts'
import { ensureAgentInitramfs } from '../../recipes/agent/agent-initramfs.ts'
import { ensureAgentArchive } from '../../recipes/agent/ensure-agent-archive.ts'
import { ensureBootKit } from '../../recipes/boot-kit/boot-kit.ts'

/**
 * The user's files, named by options or found beside the image, and the boot kit's in the place of those that are missing. Where
 * none is missing no kit is built, only what brings the agent.
 */
export async function findBootFiles(
  { arch, bootFiles }: Pick<FoundImage, 'bootFiles'> & { arch: ArchitectureName },
  named: UserBootFiles | undefined,
  progress: (line: string) => void,
): Promise<BootFiles> {
  const { kernel, initramfs } = named ?? (bootFiles ? await readFilesBeside(bootFiles) : {})
  if (kernel && initramfs !== undefined) {
    const agentInitramfs = await ensureAgentInitramfs(await ensureAgentArchive(arch, { progress }), initramfs)
    return { arch, kernel: kernel.path, initramfs, agentInitramfs, kernelVersion: kernel.version, origin: 'user' }
  }
  const kit = await ensureBootKit(arch, { progress })
  const boot = withUserFiles(kit, { ...(kernel && { kernel }), ...(initramfs !== undefined && { initramfs }) })
  if (initramfs === undefined) return boot
  return { ...boot, agentInitramfs: await ensureAgentInitramfs(kit.agentArchive, initramfs) }
}
