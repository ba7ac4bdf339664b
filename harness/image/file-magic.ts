/**
 * How packed files start, by the kernel's names for what they are packed with (Linux, lib/decompress.c): the initramfs, the payload
 * of a kernel and modules.
 */
export const packingMagic = {
  gzip: Buffer.from([0x1f, 0x8b]),
  zstd: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]),
  xz: Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]),
  lzma: Buffer.from([0x5d, 0x00]),
  bzip2: Buffer.from('BZh'),
  lzo: Buffer.from([0x89, 0x4c, 0x5a]),
  lz4: Buffer.from([0x02, 0x21, 0x4c, 0x18]),
} as const

/** How ELF files start (System V ABI, "ELF Identification"), as latin1. */
export const elfMagic = '\x7fELF'
export const isElf = (file: Buffer): boolean => file.toString('latin1', 0, elfMagic.length) === elfMagic

export type Packing = keyof typeof packingMagic

export const startsWith = (file: Buffer, magic: Buffer): boolean => file.subarray(0, magic.length).equals(magic)

/** How a file is packed; undefined where its start says nothing of it. */
export const packingOf = (file: Buffer): Packing | undefined =>
  (Object.keys(packingMagic) as Packing[]).find((packing) => startsWith(file, packingMagic[packing]))
