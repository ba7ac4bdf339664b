import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { type ArchitectureName, architectureNames } from '../../model/architecture.ts'
import { CallFault } from '../../model/faults.ts'
import { elfMagic, packingOf } from '../file-magic.ts'
import { readStart } from './read-start.ts'

/** A kernel of the user's that was recognised, not yet booted. */
export interface KernelFile {
  path: string
  arch: ArchitectureName
  /** As `uname -r` prints it, or `unknown` where the file does not tell. */
  version: string
}

/** Enough for every header below and for the version string of a bzImage, which lies in the 32 KiB setup code. */
const startBytes = 64 * 1024
/** Bound on what is unpacked of a kernel; an arm64 distribution kernel has about 60 MiB. */
export const unpackedBytes = 256 * 1024 * 1024

/**
 * Recognises a kernel by its header: a bzImage (Linux, Documentation/arch/x86/boot.rst), or an arm64 Image, plain or
 * gzip-ed (Documentation/arch/arm64/booting.rst). Throws CallFault for anything else.
 */
export async function readKernelFile(path: string): Promise<KernelFile> {
  const start = await readStart('The kernel', path, startBytes)
  const arch = architectureNames.find((name) => formats[name].mayBe(start))
  if (arch === undefined) throw notKernel(path, start)
  const kernel = await formats[arch].read(path, start)
  if (!formats[arch].is(kernel.start)) throw notKernel(path, kernel.start)
  return { path, arch, version: kernel.version }
}

interface KernelFormat {
  /** By the first bytes of the file, which may be packed. */
  mayBe: (start: Buffer) => boolean
  read: (path: string, start: Buffer) => ScannedKernel | Promise<ScannedKernel>
  /** By the first bytes of the kernel. */
  is: (start: Buffer) => boolean
}

/** What QEMU's `-kernel` starts. */
const formats: Record<ArchitectureName, KernelFormat> = {
  x86_64: {
    mayBe: isBzImage,
    read: (_path, start) => ({ start, version: bzImageVersion(start) }),
    is: isBzImage,
  },
  aarch64: {
    mayBe: (start) => packingOf(start) === 'gzip' || isArm64Image(start),
    read: (path, start) => scanImage(path, packingOf(start) === 'gzip'),
    is: isArm64Image,
  },
}

/** Kernels that QEMU's `-kernel` does not start, whatever starts them elsewhere, by their first bytes. */
const others: readonly { at: number; magic: string; what: string }[] = [
  // drivers/firmware/efi/libstub/zboot-header.S
  { at: 4, magic: 'zimg', what: 'a kernel that unpacks itself under EFI (zboot): give the Image that is packed in it' },
  { at: 0, magic: elfMagic, what: 'an ELF file (vmlinux): give the bzImage or Image that is made of it' },
  { at: 0, magic: 'MZ', what: 'a program for EFI, as a unified kernel image is: give the bzImage or Image in it' },
  { at: 0, magic: '\x27\x05\x19\x56', what: 'an image for U-Boot (uImage): give the bzImage or Image in it' },
]

function notKernel(path: string, start: Buffer): CallFault {
  const other = others.find(({ at, magic }) => start.toString('latin1', at, at + magic.length) === magic)
  const reason = other ? `it is ${other.what}.` : 'it is neither an x86_64 bzImage nor an arm64 Image.'
  return new CallFault(`${path} is not a kernel that runners can start: ${reason}`)
}

/** `boot_flag` at 0x1FE and `header` at 0x202 of the setup header. */
export function isBzImage(start: Buffer): boolean {
  return (
    start.length > 0x210 && start.readUInt16LE(0x1fe) === 0xaa55 && start.toString('latin1', 0x202, 0x206) === 'HdrS'
  )
}

/** `kernel_version` at 0x20E: where the version string starts, less 0x200. */
function bzImageVersion(start: Buffer): string {
  const text = start.toString('latin1', start.readUInt16LE(0x20e) + 0x200).split('\0')[0] ?? ''
  return release(text)
}

/** `magic` at 0x38 of the Image header. */
export function isArm64Image(start: Buffer): boolean {
  return start.length >= 0x40 && start.toString('latin1', 0x38, 0x3c) === 'ARM\x64'
}

/** The release a kernel names at the start of its version string, in the characters a release may have. */
const release = (text: string): string => /^[\w.+~-]{1,64}/.exec(text)?.[0] ?? 'unknown'

interface ScannedKernel {
  start: Buffer
  version: string
}

/** Reads through an Image, unpacking it where needed, for its first bytes and the banner "Linux version …". */
async function scanImage(path: string, isPacked: boolean): Promise<ScannedKernel> {
  const file = createReadStream(path)
  // An error on the way, too, reaches the reader of the last stream, so that the callback has nothing to do.
  const chunks = isPacked ? pipeline(file, createGunzip({ chunkSize: 1024 * 1024 }), () => {}) : file
  const found: ScannedKernel = { start: Buffer.alloc(0), version: 'unknown' }
  try {
    await scan(chunks, found)
  } catch (error) {
    if (!isPackingFault(error)) throw error
  }
  return found
}

const isPackingFault = (error: unknown): boolean => String((error as NodeJS.ErrnoException).code).startsWith('Z_')

const banner = 'Linux version '
const bannerBytes = banner.length + 64

async function scan(chunks: AsyncIterable<Buffer>, found: ScannedKernel): Promise<void> {
  let seenBytes = 0
  let carried = Buffer.alloc(0)
  for await (const chunk of chunks) {
    if (found.start.length < 0x40) found.start = Buffer.concat([found.start, chunk]).subarray(0, startBytes)
    const text = Buffer.concat([carried, chunk])
    const version = bannerVersion(text)
    seenBytes += chunk.length
    if (version) found.version = version
    if (version || seenBytes > unpackedBytes || (found.start.length >= 0x40 && !isArm64Image(found.start))) return
    carried = text.subarray(-bannerBytes)
  }
}

/** The banner's release, if the text holds one; the format string `Linux version %s` is none. */
function bannerVersion(text: Buffer): string | undefined {
  for (let index = text.indexOf(banner); index >= 0; index = text.indexOf(banner, index + 1)) {
    const words = text.toString('latin1', index + banner.length, index + bannerBytes)
    const version = /^(\d[\w.+~-]*)[\s(]/.exec(words)?.[1]
    if (version) return version
  }
  return undefined
}
