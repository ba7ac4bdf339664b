import type { WantedModules } from '../boot-kit/kernel-modules.ts'

/** Kernel modules of dom0, in loading order; what they depend on is found by the builder. */
export const hostModules: readonly (WantedModules & { purpose: string })[] = [
  { purpose: 'how xl, xenstored and xenconsoled call the hypervisor', modules: ['xen-privcmd', 'xenfs', 'xen-evtchn'] },
  { purpose: 'pages that domains share with dom0', modules: ['xen-gntdev', 'xen-gntalloc'] },
  { purpose: 'disks and ports that QEMU gives the machine', modules: ['virtio_pci', 'virtio_blk', 'virtio_console'] },
  { purpose: 'the domains’ disks and network', modules: ['xen-blkback', 'xen-netback', 'bridge'] },
]
