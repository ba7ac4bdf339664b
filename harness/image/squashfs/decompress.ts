import { createRequire } from 'node:module'
import { inflateSync, zstdDecompressSync } from 'node:zlib'
import { SquashfsDamage } from './damage.ts'
import { decodeLz4Block } from './lz4-block.ts'
import { decodeLzoBlock } from './lzo-block.ts'
import type { CompressionName } from './superblock.ts'
import { measureXzStream } from './xz-bounds.ts'

/** Decodes one compressed block into at most `maxBytes`; throws where it is damaged or larger. */
export type Decompress = (input: Buffer, maxBytes: number) => Buffer

/**
 * One chunk for the whole block: in pieces of the default 16 KiB, put together, decoding took twice as long (Node 24). The
 * byte more is never written: a chunk filled to its end makes zlib allocate another.
 */
const wholeBlock = (maxBytes: number) => ({ maxOutputLength: maxBytes, chunkSize: maxBytes + 1 })

const decompressors: Record<CompressionName, Decompress> = {
  gzip: (input, maxBytes) => inflateSync(input, wholeBlock(maxBytes)),
  zstd: (input, maxBytes) => zstdDecompressSync(input, wholeBlock(maxBytes)),
  lz4: decodeLz4Block,
  lzo: decodeLzoBlock,
  xz: decodeXz,
  lzma: decodeLzma,
}

export const decompressorOf = (compression: CompressionName): Decompress => decompressors[compression]

/** Dictionaries larger than this are refused; the kernel refuses any larger than the image's block size, at most 1 MiB. */
const maxDictionaryBytes = 1024 * 1024

function decodeXz(input: Buffer, maxBytes: number): Buffer {
  const { decodedBytes, dictionaryBytes } = measureXzStream(input)
  refuseLarge(decodedBytes, maxBytes, dictionaryBytes)
  return lzmaLibrary().xz.decompressSync(input)
}

/** The old format of an .lzma file: properties, dictionary size, decoded size (LZMA specification, "lzma format"). */
function decodeLzma(input: Buffer, maxBytes: number): Buffer {
  refuseLarge(Number(input.readBigUInt64LE(5)), maxBytes, input.readUInt32LE(1))
  return lzmaLibrary().lzma.decompressSync(input)
}

function refuseLarge(decodedBytes: number, maxBytes: number, dictionaryBytes: number): void {
  if (decodedBytes > maxBytes) throw new SquashfsDamage(`a block decodes to ${decodedBytes} bytes`)
  if (dictionaryBytes > maxDictionaryBytes)
    throw new SquashfsDamage(`a block asks for ${dictionaryBytes} bytes of dictionary`)
}

/** Loaded on first use: native code that most images do not need. */
function lzmaLibrary(): typeof import('@napi-rs/lzma') {
  return createRequire(import.meta.url)('@napi-rs/lzma')
}
