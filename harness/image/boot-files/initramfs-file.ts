import { createReadStream } from 'node:fs'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { type ArchitectureName, architectureNames, architectures } from '../../model/architecture.ts'
import { CallFault } from '../../model/faults.ts'
import { runTool } from '../../platform/process/run-tool.ts'
import { isElf, type Packing, packingOf, startsWith } from '../file-magic.ts'
import { readStart } from './read-start.ts'

/** An initramfs of the user's that was recognised. */
export interface InitramfsFile {
  path: string
  /** What its first program is for; undefined where none was found, as in what only the kernel unpacks. */
  arch: ArchitectureName | undefined
}

/** How much is unpacked to find a program: one with all modules of a distribution has its busybox in the first 10 MiB. */
export const unpackedBytes = 64 * 1024 * 1024
const unpackTimeoutMs = 60_000

/** Whether no more than these first bytes is wanted. */
type IsEnough = (unpacked: Buffer) => boolean

/** The first bytes of its archive, unpacked; undefined where the harness does not unpack it. */
type Unpack = (path: string, isEnough: IsEnough) => Promise<Buffer> | undefined

/** Each piece passes through a thread and back: in pieces of zlib's own 16 KiB, that takes as long as the unpacking. */
const pieces = { chunkSize: 1024 * 1024 }

const viaStream = (path: string, unpacker: NodeJS.ReadWriteStream & Readable, isEnough: IsEnough): Promise<Buffer> =>
  firstBytes(pipeline(fileOf(path), unpacker, () => {}) as unknown as Readable, isEnough)

const fileOf = (path: string) => createReadStream(path, { highWaterMark: pieces.chunkSize })

async function viaXz(path: string): Promise<Buffer> {
  const options = { timeoutMs: unpackTimeoutMs, maxOutputBytes: unpackedBytes }
  return (await runTool('xz', ['--decompress', '--stdout', '--', path], options)).stdout
}

const unpackings: Partial<Record<Packing, Unpack>> = {
  gzip: (path, isEnough) => viaStream(path, createGunzip(pieces), isEnough),
  zstd: (path, isEnough) => viaStream(path, createZstdDecompress(pieces), isEnough),
  xz: viaXz,
  lzma: viaXz,
}

/** How an initramfs starts that is not packed: cpio in `newc` form, without and with checksums. */
const cpioMagic = [Buffer.from('070701'), Buffer.from('070702')]
/** Taken for gzip by the kernel (lib/decompress.c), and by no library. */
const oldGzipMagic = Buffer.from([0x1f, 0x9e])

async function startOf(path: string): Promise<{ packing: Packing | undefined; unpack: Unpack | undefined }> {
  const start = await readStart('The initramfs', path, 6)
  if (cpioMagic.some((magic) => startsWith(start, magic)))
    return { packing: undefined, unpack: (_, isEnough) => firstBytes(fileOf(path), isEnough) }
  if (startsWith(start, oldGzipMagic)) return { packing: 'gzip', unpack: undefined }
  const packing = packingOf(start)
  if (!packing) throw new CallFault(`${path} is not an initramfs: it is not a cpio archive, compressed or plain.`)
  return { packing, unpack: unpackings[packing] }
}

/** How an initramfs is packed. Throws CallFault for what is none. */
export const initramfsPacking = async (path: string): Promise<Packing | undefined> => (await startOf(path)).packing

/** The first bytes of its archive, up to the bound or what is enough; undefined where the harness does not unpack it. */
export const initramfsArchive = async (path: string, isEnough: IsEnough = () => false): Promise<Buffer | undefined> =>
  (await startOf(path)).unpack?.(path, isEnough)

/** Recognises an initramfs by its archive, and by a program in it what it is for. Throws CallFault for anything else. */
export async function readInitramfsFile(path: string): Promise<InitramfsFile> {
  const archive = await initramfsArchive(path, (unpacked) => architectureOf(unpacked) !== undefined)
  if (archive === undefined) return { path, arch: undefined }
  if (!isArchive(archive)) throw new CallFault(`${path} is not an initramfs: it does not unpack to a cpio archive.`)
  return { path, arch: architectureOf(archive) }
}

const isArchive = (bytes: Buffer): boolean => /^07070[12]$/.test(bytes.toString('latin1', 0, 6))

/** What could be read before the end, the bound, or what does not unpack. Asks whether it is enough each time that there is twice as much. */
async function firstBytes(stream: Readable, isEnough: IsEnough): Promise<Buffer> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  let askAtBytes = 0
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      sizeBytes += chunk.length
      if (sizeBytes >= unpackedBytes) break
      if (sizeBytes < askAtBytes) continue
      if (isEnough(Buffer.concat(chunks))) break
      askAtBytes = 2 * sizeBytes
    }
  } catch (error) {
    if (!String((error as NodeJS.ErrnoException).code).match(/^Z(STD)?_/)) throw error
  }
  return Buffer.concat(chunks)
}

/** Fields of 8 hexadecimal digits behind the magic (cpio(5), "New ASCII Format"). */
const headerBytes = 110
const field = (archive: Buffer, at: number, index: number): number =>
  Number.parseInt(archive.toString('latin1', at + 6 + index * 8, at + 14 + index * 8), 16)
const sizeField = 6
const nameSizeField = 11
/** As far as the machine in an ELF header (System V ABI). */
const elfHeadBytes = 20

/** The architecture of the first program of a supported one. */
function architectureOf(archive: Buffer): ArchitectureName | undefined {
  for (let at = 0; at + headerBytes <= archive.length && isArchive(archive.subarray(at, at + 6)); ) {
    const content = aligned(at + headerBytes + field(archive, at, nameSizeField))
    const sizeBytes = field(archive, at, sizeField)
    const arch = machineOf(archive.subarray(content, content + Math.min(sizeBytes, elfHeadBytes)))
    if (arch !== undefined) return arch
    at = aligned(content + sizeBytes)
  }
  return undefined
}

const aligned = (at: number): number => Math.ceil(at / 4) * 4

function machineOf(head: Buffer): ArchitectureName | undefined {
  if (head.length < elfHeadBytes || !isElf(head)) return undefined
  const machine = head.readUInt16LE(18)
  return architectureNames.find((name) => architectures[name].elfMachine === machine)
}
