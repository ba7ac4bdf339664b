import type { InspectedImage } from '../inspect-image.ts'

/** Podman's own list where helper_binaries_dir is not set (containers/common pkg/config/default_linux.go and config_linux.go). */
const defaultHelperFolders = [
  '/usr/local/libexec/podman',
  '/usr/local/lib/podman',
  '/usr/libexec/podman',
  '/usr/lib/podman',
]

/** Stands for the folder of podman itself (containers.conf(5), helper_binaries_dir). */
const binaryFolder = '$BINDIR'

/** Folders in which podman looks for netavark, aardvark-dns and other helpers; it never uses PATH for these. */
export function helperFolders({ configuration, init, podman }: InspectedImage): string[] {
  const configured = configuration.containers.values.get('engine.helper_binaries_dir')?.value
  const folders = Array.isArray(configured)
    ? configured.filter((folder) => typeof folder === 'string')
    : defaultHelperFolders
  const override = init.environment.get('CONTAINERS_HELPER_BINARY_DIR')?.value
  const podmanFolder = podman?.path.replace(/\/[^/]+$/, '') ?? '/usr/bin'
  return [...(override ? [override] : []), ...folders].map((folder) => folder.replace(binaryFolder, podmanFolder))
}
