import { area } from './area.ts'

const page = (command: string): string => `podman-${command}(1)`
const room = 'Keep the graph root and /var/tmp on one file system with room, and use an unpatched containers-storage.'

/** The store and its volumes; copies of images by skopeo. */
export const storageRequirements = area([
  {
    id: 'VFS-001',
    title: 'The store is laid out as build hosts unpack it',
    severity: 'error',
    why: 'Builds take vfs, vfs-images and vfs-layers out of the guest and put them into root file systems.',
    source: 'boot contract, "Answers on the console": storage; image recipe, storage.conf',
    remedy: 'Set driver = "vfs" and graphroot = "/var/lib/containers/storage" in /etc/containers/storage.conf.',
  },
  {
    id: 'VFS-002',
    title: 'What a container writes does not change its image',
    severity: 'error',
    why: 'With vfs each container is a copy; a shared one would change the next container.',
    source: 'containers-storage(1), vfs driver',
    remedy: room,
  },
  {
    id: 'VFS-003',
    title: 'Pruning images gives their space back',
    severity: 'error',
    why: 'The store is memory or a small disk, and vfs needs a full copy for each layer.',
    source: page('image-prune'),
    remedy: room,
  },
  {
    id: 'VFS-004',
    title: 'podman system prune leaves an empty store',
    severity: 'error',
    why: 'It is the way back to a clean state without a boot.',
    source: page('system-prune'),
    remedy: room,
  },
  {
    id: 'VFS-005',
    title: 'A full disk is a clear error, and the store stays usable',
    severity: 'error',
    why: 'It happens first of all in small guests; a broken store would cost all images.',
    source: 'podman-pull(1)',
    remedy: room,
  },
  {
    id: 'VFS-006',
    title: 'A pull that is killed does no harm to the next',
    severity: 'error',
    why: 'Runners end commands at their time limit.',
    source: 'containers-storage(1), incomplete layers',
    remedy: room,
  },
  {
    id: 'VFS-007',
    title: 'Volumes are made, listed, inspected and removed',
    severity: 'error',
    why: 'Data outlives its container there.',
    source: page('volume'),
    remedy: room,
  },
  {
    id: 'VFS-008',
    title: 'A volume is exported and imported',
    severity: 'warning',
    why: 'Backups are made that way.',
    source: `${page('volume-export')}, ${page('volume-import')}`,
    remedy: room,
  },
  {
    id: 'VFS-009',
    title: 'podman system df counts images, containers and volumes',
    severity: 'warning',
    why: 'It is how users find what fills the store.',
    source: page('system-df'),
    remedy: 'Use an unpatched podman.',
  },
])
