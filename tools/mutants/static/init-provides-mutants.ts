import type { ImageTree } from '../../../harness/image/variant/image-tree.ts'
import type { StaticMutant } from '../variant.ts'

const shared = '/vcontainer-init-common.sh'
const table = '/etc/fstab'
const dropFromTable = (tree: ImageTree, folder: string) =>
  tree.replace(table, new RegExp(`^.*\\s${folder}\\s.*\\n`, 'm'), '')

/** What init must have mounted before the first command. */
export const initProvidesMutants: readonly StaticMutant[] = [
  {
    id: 'no-shared-memory',
    breaks: 'No podman command works.',
    happens: 'The initramfs of the developer had mounted it (podman issue 5836).',
    tree: (tree) => {
      dropFromTable(tree, '/dev/shm')
      tree.replace(shared, ' /dev/shm', '')
    },
    fails: ['INI-009'],
  },
  {
    id: 'no-control-groups',
    breaks: 'No container starts.',
    happens: 'systemd mounts them on the machine of the developer.',
    tree: (tree) => dropFromTable(tree, '/sys/fs/cgroup'),
    fails: ['INI-009'],
  },
  {
    id: 'no-terminals',
    breaks: 'Containers get no terminal.',
    happens: 'The line was taken for one that the kernel does by itself.',
    tree: (tree) => dropFromTable(tree, '/dev/pts'),
    fails: ['INI-009'],
  },
  {
    id: 'small-temporary-folder',
    breaks: 'Pulls of larger layers fail.',
    happens: 'A bound for temporary files was taken over from a small device.',
    tree: (tree) => tree.append(table, 'tmpfs /var/tmp tmpfs nosuid,nodev,size=64m,mode=1777 0 0\n'),
    fails: ['INI-010'],
  },
  {
    id: 'store-without-programs',
    breaks: 'No program of any container can be run.',
    happens: 'A guide to hardening mounts /var so (podman pull request 2137).',
    tree: (tree) => tree.append(table, 'tmpfs /var/lib/containers/storage tmpfs nodev,noexec 0 0\n'),
    fails: ['INI-010'],
  },
  {
    id: 'no-loopback',
    breaks: 'Nothing in the guest reaches localhost.',
    happens: 'The lines were lost when the network was rewritten.',
    tree: (tree) => tree.replace(shared, 'ip link set lo up', ':'),
    fails: ['INI-011'],
  },
]
