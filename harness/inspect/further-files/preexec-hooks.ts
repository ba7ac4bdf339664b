import { pathOf } from '../../image/squashfs/tree.ts'
import type { InspectedImage } from '../inspect-image.ts'
import { type FurtherFiles, refused } from './further-file.ts'

/** Switches the hooks on by being there (podman(1), "podman_preexec_hooks.txt"; podman, cmd/podman/pkg-c/early_init_linux.c). */
const switchPath = '/etc/containers/podman_preexec_hooks.txt'
const folders = ['/usr/libexec/podman/pre-exec-hooks', '/etc/containers/pre-exec-hooks']

const hooksIn = ({ files }: InspectedImage): string[] =>
  folders.flatMap((folder) =>
    files
      .list(folder)
      .filter(({ inode }) => inode.kind === 'file')
      .map(pathOf),
  )

/** Programs that podman runs before each of its commands, which it does not give where one of them fails. */
export const preexecHooks: FurtherFiles = {
  find: (image) =>
    image.files.findFile(switchPath) && (image.podman?.era ?? 5) >= 5 ? [switchPath, ...hooksIn(image)] : [],
  judge: ({ files }, paths) =>
    paths
      .slice(1)
      .filter((path) => !files.isExecutable(path))
      .map((path) => refused(path, 'It is a hook before each podman command, and cannot be run')),
}
