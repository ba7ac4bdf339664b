import type { CompressionName } from '../../../image/squashfs/superblock.ts'
import type { ArchitectureName } from '../../../model/architecture.ts'
import type { KernelNeed } from '../shipped-kernel.ts'

/** What stands between the start of the machine and the first line of the image's init, whatever the image. */
export const bootNeeds: readonly KernelNeed[] = [
  { options: { BLK_DEV_INITRD: null }, breaks: 'the initramfs is not unpacked, and nothing mounts the image' },
  { options: { BINFMT_ELF: null }, breaks: 'no program runs, and the kernel panics: no working init found' },
  { options: { PCI: null }, breaks: 'the machine has no disk, network or share: all of them are PCI devices' },
  {
    options: { VIRTIO_PCI: 'virtio_pci' },
    breaks: 'the kernel does not find the disk of the image',
    early: true,
  },
  {
    options: { VIRTIO_BLK: 'virtio_blk' },
    symbol: 'virtio_blk_init',
    breaks: 'there is no /dev/vda, and the initramfs gives up on the image',
    early: true,
  },
  {
    options: { SQUASHFS: 'squashfs' },
    symbol: 'init_squashfs_fs',
    breaks: 'the image cannot be mounted',
    early: true,
  },
  {
    options: { OVERLAY_FS: 'overlay' },
    symbol: 'ovl_init',
    breaks: 'the read-only image cannot be made writable, and the initramfs gives up on it',
    early: true,
  },
  { options: { TMPFS: null }, breaks: 'the initramfs cannot mount what the root is written to' },
  { options: { PROC_FS: null }, breaks: 'init finds no kernel line, so that no command reaches it' },
  { options: { SYSFS: null }, breaks: 'init cannot mount /sys, below which cgroups are' },
  { options: { DEVTMPFS: null }, breaks: 'there are no device files: no disk, no console' },
]

/** Init and most of what starts with it are scripts. */
export const scriptNeed: KernelNeed = {
  options: { BINFMT_SCRIPT: 'binfmt_script' },
  breaks: 'init, which is a script, does not start',
  early: true,
}

/** Where markers and answers are printed. */
export const consoleNeeds: Readonly<Record<ArchitectureName, KernelNeed>> = {
  x86_64: { options: { SERIAL_8250_CONSOLE: null }, breaks: 'nothing is printed on ttyS0, where runners read answers' },
  aarch64: {
    options: { SERIAL_AMBA_PL011_CONSOLE: null },
    breaks: 'nothing is printed on ttyAMA0, where runners read answers',
  },
}

const decompressor = (option: string, name: string): KernelNeed => ({
  options: { [option]: null },
  breaks: `this image, which is packed with ${name}, cannot be mounted`,
})

/** What a squashfs of each compression needs; no kernel reads lzma, which is FS-001's finding (fs/squashfs/Kconfig). */
export const squashfsNeeds: Readonly<Record<CompressionName, readonly KernelNeed[]>> = {
  gzip: [decompressor('SQUASHFS_ZLIB', 'gzip')],
  lz4: [decompressor('SQUASHFS_LZ4', 'lz4')],
  lzo: [decompressor('SQUASHFS_LZO', 'lzo')],
  xz: [decompressor('SQUASHFS_XZ', 'xz')],
  zstd: [decompressor('SQUASHFS_ZSTD', 'zstd')],
  lzma: [],
}

/** What an initramfs of each packing needs (usr/Kconfig). */
export const initramfsNeeds: Readonly<Record<string, KernelNeed>> = Object.fromEntries(
  ['gzip', 'bzip2', 'lzma', 'xz', 'lzo', 'lz4', 'zstd'].map((packing) => [
    packing,
    {
      options: { [`RD_${packing.toUpperCase()}`]: null },
      breaks: `this initramfs, which is packed with ${packing}, is not unpacked`,
    },
  ]),
)
