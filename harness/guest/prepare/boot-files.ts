import { readFilesBeside, type UserBootFiles, withUserFiles } from '../../image/boot-files/user-boot-files.ts'
import type { FoundImage } from '../../image/find-images.ts'
import type { BootFiles } from '../../image/image-file.ts'
import type { ArchitectureName } from '../../model/architecture.ts'
import { ensureAgentInitramfs } from '../../recipes/agent/agent-initramfs.ts'
import { ensureBootKit } from '../../recipes/boot-kit/boot-kit.ts'

/** The boot kit's files, with the user's in their place: those named by options, or those that lie beside the image. */
export async function findBootFiles(
  { arch, bootFiles }: Pick<FoundImage, 'bootFiles'> & { arch: ArchitectureName },
  named: UserBootFiles | undefined,
  progress: (line: string) => void,
): Promise<BootFiles> {
  const kit = await ensureBootKit(arch, { progress })
  const user = named ?? (bootFiles ? await readFilesBeside(bootFiles) : {})
  const boot = withUserFiles(kit, user)
  if (user.initramfs === undefined) return boot
  return { ...boot, agentInitramfs: await ensureAgentInitramfs(kit.agentArchive, user.initramfs) }
}
