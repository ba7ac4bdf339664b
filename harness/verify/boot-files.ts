import type { ArchitectureName } from '../architecture.ts'
import { ensureAgentInitramfs } from '../build/agent-initramfs.ts'
import { ensureBootKit } from '../build/boot-kit.ts'
import { readKernelFile } from '../call/kernel-file.ts'
import { type UserBootFiles, withUserFiles } from '../call/user-boot-files.ts'
import type { FoundImage } from '../image/find-images.ts'
import type { BootFiles } from '../image/image-file.ts'

/** The boot kit's files, with the user's in their place: those named by options, or those that lie beside the image. */
export async function findBootFiles(
  { arch, bootFiles }: Pick<FoundImage, 'bootFiles'> & { arch: ArchitectureName },
  named: UserBootFiles | undefined,
  progress: (line: string) => void,
): Promise<BootFiles> {
  const kit = await ensureBootKit(arch, { progress })
  const user = named ?? (await filesBeside(bootFiles))
  const boot = withUserFiles(kit, user)
  if (user.initramfs === undefined) return boot
  return { ...boot, agentInitramfs: await ensureAgentInitramfs(kit.agentArchive, user.initramfs) }
}

async function filesBeside(beside: FoundImage['bootFiles']): Promise<UserBootFiles> {
  return beside ? { kernel: await readKernelFile(beside.kernel), initramfs: beside.initramfs } : {}
}
