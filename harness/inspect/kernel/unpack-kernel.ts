import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { isArm64Image, isBzImage, unpackedBytes } from '../../image/boot-files/kernel-file.ts'
import { type Packing, packingOf } from '../../image/file-magic.ts'
import { decodeLz4Block } from '../../image/squashfs/lz4-block.ts'
import { runTool } from '../../platform/process/run-tool.ts'

/** xz takes 2 s for a kernel of a distribution. */
const unpackTimeoutMs = 60_000

type Unpack = (payload: Buffer) => Buffer | Promise<Buffer>

/** Behind all packings but gzip, which has it in itself, stands the size of what is packed (Linux, scripts/Makefile.lib, size_append). */
const sizeBytes = 4

/** Both packings end with the size of what is packed, if nothing follows; put together from pieces, it would be copied as a whole. */
const inOnePiece = (payload: Buffer) => ({
  maxOutputLength: unpackedBytes,
  chunkSize: Math.max(64, Math.min(payload.readUInt32LE(payload.length - sizeBytes), unpackedBytes)) + 1,
})

/** How the payload of a bzImage may be packed (arch/x86/boot/compressed/Makefile), but for lzo and bzip2. */
const unpackings: Partial<Record<Packing, Unpack>> = {
  gzip: (payload) => gunzipSync(payload, inOnePiece(payload)),
  zstd: (payload) => zstdDecompressSync(payload.subarray(0, -sizeBytes), inOnePiece(payload)),
  xz: (payload) => byTool('xz', payload),
  lzma: (payload) => byTool('xz', payload, '--format=lzma'),
  lz4: unpackLz4,
}

/**
 * The program that a kernel file holds: what is packed in a bzImage or in a gzip-ed Image, or the Image as it is. Undefined where
 * it is packed in a way not unpacked here (lzo, bzip2) or does not unpack.
 */
export async function unpackKernel(file: Buffer): Promise<Buffer | undefined> {
  const payload = isBzImage(file) ? payloadOf(file) : file
  if (payload === undefined || isArm64Image(payload)) return payload
  const packing = packingOf(payload)
  try {
    return packing && (await unpackings[packing]?.(payload))
  } catch {
    return undefined
  }
}

/**
 * `setup_sects` at 0x1F1, `payload_offset` at 0x248 behind the setup code, `payload_length` at 0x24C (Linux,
 * Documentation/arch/x86/boot.rst). Protocols before 2.08 have none.
 */
function payloadOf(bzImage: Buffer): Buffer | undefined {
  if (bzImage.length <= 0x250 || bzImage.readUInt16LE(0x206) < 0x0208) return undefined
  const setupSectors = bzImage[0x1f1] || 4
  const start = (setupSectors + 1) * 512 + bzImage.readUInt32LE(0x248)
  return bzImage.subarray(start, start + bzImage.readUInt32LE(0x24c))
}

/** What stands behind the packed data makes the tool complain, not write less: its output is taken whatever its exit code. */
async function byTool(tool: string, input: Buffer, ...options: string[]): Promise<Buffer> {
  const bounds = { timeoutMs: unpackTimeoutMs, maxOutputBytes: unpackedBytes, input }
  return (await runTool(tool, ['--decompress', '--stdout', ...options], bounds)).stdout
}

/** Largest block of the old lz4 format, which the kernel's build uses (lz4, programs/lz4io.c, LEGACY_BLOCKSIZE). */
const lz4BlockBytes = 8 * 1024 * 1024

function unpackLz4(payload: Buffer): Buffer {
  const blocks: Buffer[] = []
  let sizeBytes = 0
  for (let at = 4; at + 4 <= payload.length && sizeBytes < unpackedBytes; ) {
    const packedBytes = payload.readUInt32LE(at)
    if (packedBytes === 0 || at + 4 + packedBytes > payload.length) break
    const block = decodeLz4Block(payload.subarray(at + 4, at + 4 + packedBytes), lz4BlockBytes)
    blocks.push(block)
    sizeBytes += block.length
    at += 4 + packedBytes
  }
  return Buffer.concat(blocks)
}
