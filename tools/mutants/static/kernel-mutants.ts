import { withModules, without, withoutModule } from '../../../fixtures/kernels/debian-kernels.ts'
import type { StaticMutant } from '../variant.ts'

/** Kernels beside the image that do not fit it. */
export const kernelMutants: readonly StaticMutant[] = [
  {
    id: 'kernel-without-zstd',
    breaks: 'The initramfs cannot mount the image.',
    happens: 'IMAGE_FSTYPES was changed to squashfs-zst, and the kernel was not (SQUASHFS_ZSTD is off by default).',
    change: { kernel: (kernel) => without(kernel, 'SQUASHFS_ZSTD') },
    fails: ['KRN-001'],
  },
  {
    id: 'kernel-with-modular-overlay',
    breaks: 'The root stays read-only, and the initramfs gives up.',
    happens: 'A defconfig has it as a module, and the initramfs packs none.',
    change: { kernel: (kernel) => withoutModule(kernel, 'overlay') },
    fails: ['KRN-001'],
  },
  {
    id: 'kernel-without-initramfs',
    breaks: 'Nothing mounts the image.',
    happens: 'The kernel was made smaller by tinyconfig.',
    change: { kernel: (kernel) => without(kernel, 'BLK_DEV_INITRD') },
    fails: ['KRN-001'],
  },
  {
    id: 'kernel-for-clouds',
    breaks: 'Shares, credentials and certificates of the runner are not there.',
    happens: 'linux-image-cloud was taken for its size.',
    change: { kernel: (kernel) => without(kernel, 'NET_9P', 'NET_9P_VIRTIO', '9P_FS') },
    fails: ['KRN-002'],
  },
  {
    id: 'kernel-without-virtio-console',
    breaks: 'Daemon mode has no port.',
    happens: 'The option is not part of virtio.cfg.',
    change: { kernel: (kernel) => without(kernel, 'VIRTIO_CONSOLE') },
    fails: ['KRN-002'],
  },
  {
    id: 'kernel-without-message-queues',
    breaks: 'No container starts: /dev/mqueue cannot be mounted.',
    happens: 'A kernel for small devices (POSIX_MQUEUE is off by default).',
    change: { kernel: (kernel) => without(kernel, 'POSIX_MQUEUE') },
    fails: ['KRN-003'],
  },
  {
    id: 'kernel-without-seccomp',
    breaks: 'Containers run unconfined.',
    happens: 'CONFIG_SECCOMP was switched off for speed.',
    change: { kernel: (kernel) => without(kernel, 'SECCOMP_FILTER') },
    fails: ['KRN-003'],
  },
  {
    id: 'kernel-without-device-filters',
    breaks: 'No container starts under cgroup v2.',
    happens: 'BPF was switched off for safety.',
    change: { kernel: (kernel) => without(kernel, 'CGROUP_BPF', 'BPF_SYSCALL') },
    fails: ['KRN-003'],
  },
  {
    id: 'kernel-without-veth',
    breaks: 'No container with a network starts.',
    happens: 'netfilter.cfg was taken, docker.cfg was not.',
    change: { kernel: (kernel) => without(kernel, 'VETH') },
    fails: ['KRN-004'],
  },
  {
    id: 'kernel-without-nft-compat',
    breaks: 'iptables-nft cannot write rules with matches.',
    happens: 'nftables was enabled without it.',
    recipe: 'vpdmn-wrynose',
    change: { kernel: (kernel) => without(kernel, 'NFT_COMPAT') },
    fails: ['KRN-004'],
  },
  {
    id: 'kernel-without-nftables',
    breaks: 'netavark 2 can write no rules.',
    happens: 'The kernel still has iptables alone.',
    recipe: 'vpdmn-2026',
    change: { kernel: (kernel) => without(kernel, 'NF_TABLES', 'NF_TABLES_INET') },
    fails: ['KRN-004'],
  },
  {
    id: 'kernel-without-memory-limits',
    breaks: 'podman run --memory fails.',
    happens: 'MEMCG is off by default.',
    change: { kernel: (kernel) => without(kernel, 'MEMCG') },
    fails: ['KRN-005'],
  },
  {
    id: 'initramfs-of-another-kernel',
    breaks: 'No module of the initramfs is loaded, so that there is no disk.',
    happens: 'The kernel was upgraded, and the initramfs was not built again.',
    change: { kernel: (kernel) => withModules(kernel, (module) => [{ ...module, release: '6.12.90-yocto' }]) },
    fails: ['KRN-001', 'KRN-002', 'KRN-004', 'KRN-006'],
  },
]
