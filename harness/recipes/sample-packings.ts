import { gzipSync, zstdCompressSync } from 'node:zlib'
import { requireTool } from '../platform/process/run-tool.ts'

const packTimeoutMs = 60_000

/** How initramfs are packed in life, by the name of the kernel's unpacker (lib/decompress_*.c). */
export const samplePackings: Record<string, (archive: Buffer) => Promise<Buffer>> = {
  nothing: async (archive) => archive,
  gzip: async (archive) => gzipSync(archive, { level: 1 }),
  zstd: async (archive) => zstdCompressSync(archive),
  xz: (archive) => tool('xz', ['-0', '--check=crc32'], archive),
  lzma: (archive) => tool('xz', ['-0', '--format=lzma'], archive),
  lz4: async (archive) => lz4OfLiterals(archive),
  lzo: async (archive) => storedLzo(archive),
}

async function tool(program: string, args: readonly string[], input: Buffer): Promise<Buffer> {
  return (await requireTool(program, args, { timeoutMs: packTimeoutMs, input })).stdout
}

/** A chunk holds no more (lib/decompress_unlz4.c, LZ4_DEFAULT_UNCOMPRESSED_CHUNK_SIZE). */
const lz4ChunkBytes = 8 * 1024 * 1024

/** The legacy frame, which is the one that the kernel takes, each chunk one sequence of literals (lz4_Frame_format.md, lz4_Block_format.md). */
function lz4OfLiterals(archive: Buffer): Buffer {
  const chunks = pieces(archive, lz4ChunkBytes).flatMap((piece) => {
    const block = Buffer.concat([literalsLength(piece.length), piece])
    return [littleEndian(block.length), block]
  })
  return Buffer.concat([littleEndian(0x184c2102), ...chunks])
}

/** The token, then 255 for as long as it is not enough. */
function literalsLength(length: number): Buffer {
  if (length < 15) return Buffer.from([length << 4])
  const rest = length - 15
  return Buffer.concat([Buffer.from([0xf0]), Buffer.alloc(Math.floor(rest / 255), 255), Buffer.from([rest % 255])])
}

/** A block holds no more (lib/decompress_unlzo.c, LZO_BLOCK_SIZE). */
const lzoBlockBytes = 256 * 1024
const lzoMagic = Buffer.from([0x89, 0x4c, 0x5a, 0x4f, 0x00, 0x0d, 0x0a, 0x1a, 0x0a])

/** As lzop writes what does not shrink: each block as long packed as it is (lib/decompress_unlzo.c; checksums are not looked at). */
function storedLzo(archive: Buffer): Buffer {
  const versions = [0x1030, 0x2080, 0x0940].map(bigEndian16)
  const method = Buffer.from([1, 5])
  const adlerOfData = 1
  const noName = Buffer.from([0])
  const header = [...versions, method, ...[adlerOfData, 0o100644, 0, 0].map(bigEndian), noName, bigEndian(0)]
  const blocks = pieces(archive, lzoBlockBytes).flatMap((piece) => [
    ...[piece.length, piece.length, 0].map(bigEndian),
    piece,
  ])
  return Buffer.concat([lzoMagic, ...header, ...blocks, bigEndian(0)])
}

const pieces = (bytes: Buffer, pieceBytes: number): Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, index) =>
    bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes),
  )

const integer = (write: (bytes: Buffer) => void, sizeBytes: number): Buffer => {
  const bytes = Buffer.alloc(sizeBytes)
  write(bytes)
  return bytes
}
const littleEndian = (value: number) => integer((bytes) => bytes.writeUInt32LE(value), 4)
const bigEndian = (value: number) => integer((bytes) => bytes.writeUInt32BE(value), 4)
const bigEndian16 = (value: number) => integer((bytes) => bytes.writeUInt16BE(value), 2)
