import { elfMagic } from '../../harness/image/file-magic.ts'
import type { Random } from './random.ts'

/** One way to spoil an image. The buffer is the mutation's own to change. */
export interface Mutation {
  name: string
  apply(image: Buffer, random: Random): Buffer
}

/** Offsets in the superblock that tell where things are (Linux, fs/squashfs/squashfs_fs.h). */
const pointers = { root: 32, bytesUsed: 40, ids: 48, xattrs: 56, inodes: 64, folders: 72, fragments: 80, exports: 88 }
const superblockBytes = 96

const read64 = (image: Buffer, at: number): number =>
  image.length < at + 8 ? 0 : Number(image.readBigUInt64LE(at) & 0xffff_ffff_ffffn)

/** The image's parts by where its superblock says they begin, each as likely to be hit whatever its size. */
function region(image: Buffer, random: Random): { start: number; end: number } {
  const begins = [
    0,
    superblockBytes,
    ...Object.values(pointers)
      .slice(2)
      .map((at) => read64(image, at)),
  ]
  const inside = begins.filter((begin) => begin < image.length).sort((a, b) => a - b)
  const start = random.pick(inside)
  return { start, end: inside.find((begin) => begin > start) ?? image.length }
}

function place(image: Buffer, random: Random): number {
  const { start, end } = region(image, random)
  return start + random.below(Math.max(1, end - start))
}

/** Numbers at the edges of what fields hold. */
const edges = [
  0n,
  1n,
  2n,
  3n,
  0x7fn,
  0xffn,
  0x7fffn,
  0x8000n,
  0xffffn,
  0x1_0000n,
  0x7fff_ffffn,
  0xffff_ffffn,
  1n << 47n,
  (1n << 64n) - 1n,
]

const tokens = [
  '[',
  ']',
  '{',
  '}',
  '"',
  "'",
  '\\',
  '\0',
  '\n',
  '\r',
  '#',
  '=',
  '[[',
  '$(',
  '${',
  '`',
  'case x in ',
  'if ',
  '((',
  '<<E\n',
  ';;',
  '../',
  '/',
  '//',
  '%',
  '\u001b[2J',
  '\u202e',
  '\ufeff',
  '-----BEGIN CERTIFICATE-----\n',
  'Package: ',
  '\n\n',
  ' ',
  '\t',
  '0x',
  '1e999',
  'nan',
  '"\\u0000"',
  ':',
  '::::',
  '.',
  ',',
  '*',
  '{a,b}',
  '[engine]\n',
  'SQLite format 3\0',
  elfMagic,
  '/tmp/work/',
]

export const mutations: readonly Mutation[] = [
  {
    name: 'bits flipped',
    apply(image, random) {
      for (let left = 1 + random.below(12); left > 0; left--) {
        const at = place(image, random)
        image.writeUInt8(image.readUInt8(at) ^ (1 << random.below(8)), at)
      }
      return image
    },
  },
  {
    name: 'a number set to an edge',
    apply(image, random) {
      const width = random.pick([1, 2, 4, 8])
      const bytes = Buffer.alloc(8)
      bytes.writeBigUInt64LE(random.pick(edges))
      bytes.copy(image, place(image, random), 0, width)
      return image
    },
  },
  {
    name: 'an end cut off',
    apply: (image, random) => withBytesUsed(image.subarray(0, superblockBytes + random.below(image.length)), random),
  },
  {
    name: 'a piece copied over another',
    apply(image, random) {
      const from = place(image, random)
      image.copy(image, place(image, random), from, from + random.size(8192))
      return image
    },
  },
  {
    name: 'a piece put in',
    apply(image, random) {
      const [from, at] = [place(image, random), place(image, random)]
      const piece = image.subarray(from, from + random.size(8192))
      return withBytesUsed(Buffer.concat([image.subarray(0, at), piece, image.subarray(at)]), random)
    },
  },
  {
    name: 'two places of the superblock exchanged',
    apply(image, random) {
      const [a, b] = [random.pick(Object.values(pointers)), random.pick(Object.values(pointers))]
      const kept = Buffer.from(image.subarray(a, a + 8))
      image.copy(image, a, b, b + 8)
      kept.copy(image, b)
      return image
    },
  },
  {
    name: 'a piece filled',
    apply(image, random) {
      const at = place(image, random)
      return image.fill(random.pick([0, 0xff, 0x20, 0x2f]), at, Math.min(image.length, at + random.size(4096)))
    },
  },
  { name: 'tokens written', apply: (image, random) => writeTokens(image, place(image, random), random) },
]

function withBytesUsed(image: Buffer, random: Random): Buffer {
  if (random.below(4) > 0 && image.length >= superblockBytes)
    image.writeBigUInt64LE(BigInt(image.length), pointers.bytesUsed)
  return image
}

function writeTokens(image: Buffer, at: number, random: Random): Buffer {
  image.write(soup(random, 1 + random.size(64)), at)
  return image
}

/** Text of tokens that parsers trip over, often the same one again and again. */
export function soup(random: Random, length: number): string {
  const kinds = Array.from({ length: 1 + random.below(4) }, () => random.pick(tokens))
  let text = ''
  while (text.length < length) text += random.pick(kinds)
  return text
}
