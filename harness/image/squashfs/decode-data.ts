import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { type StoredBlock, storedBlock } from './content.ts'
import { type BlockDamage, type DecodeTask, decodeShare, maxDamage } from './decode-share.ts'
import type { Inode } from './inode.ts'
import type { Squashfs } from './squashfs.ts'
import { type Entry, pathOf } from './tree.ts'

/** What decoding all data of an image brought to light. */
export interface DecodeReport {
  blockCount: number
  damage: DataDamage[]
}

interface DataDamage {
  message: string
  /** A file whose data it is; undefined where it belongs to several (a fragment) or none. */
  path?: string
}

interface PlannedBlock extends StoredBlock {
  packedSize: number
  expectedBytes: number
  owner: Entry | undefined
  /** Size in bytes of the file that it is in the middle of; 0 for all other blocks. */
  insideOf: number
}

/** So few are decoded before a worker has started, which takes some 50 ms. */
const fewBlocks = 16
/** More workers than this gain nothing: reading the file is then the limit. */
const maxWorkers = 4
/** Eight times the profile's unpacked size; an image that decodes to more is stopped here, since it could go on for hours. */
const maxDecodedBytes = 4 * 1024 ** 3

/**
 * Decodes every data block and fragment, in worker threads; what is read of the image meanwhile is not decoded again.
 * Aborting ends them early.
 */
export async function decodeAllData(image: Squashfs, imagePath: string, signal: AbortSignal): Promise<DecodeReport> {
  const { blocks, damage } = planBlocks(image)
  const task = taskFor(blocks, image, imagePath)
  noteReads(image, task)
  const found = blocks.length === 0 ? [] : await runWorkers(task, blocks.length, signal)
  const blockDamage = found
    .map(({ index, message }) => ({ block: blocks[index] as PlannedBlock, message }))
    .sort((a, b) => a.block.start - b.block.start)
    .map(({ block, message }) => describeDamage(block, message))
  return { blockCount: blocks.length, damage: [...damage, ...blockDamage] }
}

function describeDamage({ owner }: PlannedBlock, message: string): DataDamage {
  const sentence = `${message.charAt(0).toUpperCase()}${message.slice(1)}.`
  return owner ? { message: sentence, path: pathOf(owner) } : { message: sentence }
}

/**
 * Each stored block once: hard links and duplicate files share theirs. Workers begin at the end, and there stands what is least
 * likely to be read meanwhile: first and last blocks of files and fragments are met soon, the inside of a large program is not.
 */
function planBlocks(image: Squashfs): { blocks: PlannedBlock[]; damage: DataDamage[] } {
  const planned = new Map<number, PlannedBlock>()
  const damage: DataDamage[] = []
  const { bytesUsed, blockSizeBytes } = image.superblock
  let decodedBytes = 0
  let storedBytes = 0
  const plan = (block: PlannedBlock): boolean => {
    if (planned.has(block.start)) return true
    decodedBytes += block.expectedBytes || blockSizeBytes
    storedBytes += block.storedBytes
    if (block.start + block.storedBytes > bytesUsed || storedBytes > bytesUsed || decodedBytes > maxDecodedBytes)
      return false
    planned.set(block.start, block)
    return true
  }
  for (const [index, fragment] of image.fragments.entries()) {
    if (plan({ ...fragment, packedSize: packed(fragment), expectedBytes: 0, owner: undefined, insideOf: 0 })) continue
    damage.push({ message: `Fragment ${index} lies outside the image, overlaps other data or exceeds the limit.` })
    break
  }
  const seen = new Set<Inode>()
  for (const entry of image.tree.entries) {
    if (seen.has(entry.inode)) continue
    seen.add(entry.inode)
    if (entry.inode.data === undefined || blocksOf(entry, blockSizeBytes, plan)) continue
    damage.push({
      message: 'Its data lies outside the image, overlaps other data or exceeds the limit.',
      path: pathOf(entry),
    })
    break
  }
  return { blocks: [...planned.values()].sort((a, b) => a.insideOf - b.insideOf || a.start - b.start), damage }
}

/** Plans a file's blocks, holes left out; false as soon as one cannot be. */
function blocksOf(entry: Entry, blockSizeBytes: number, plan: (block: PlannedBlock) => boolean): boolean {
  const { data, sizeBytes } = entry.inode
  if (data === undefined) return true
  let start = data.start
  const lastIndex = data.blockSizes.length / 4 - 1
  for (let index = 0; index <= lastIndex; index++) {
    const packedSize = data.blockSizes.readUInt32LE(index * 4)
    if (packedSize === 0) continue
    const block = storedBlock(start, packedSize)
    const expectedBytes = Math.min(blockSizeBytes, sizeBytes - index * blockSizeBytes)
    const insideOf = index === 0 || index === lastIndex ? 0 : sizeBytes
    if (!plan({ ...block, packedSize, expectedBytes, owner: entry, insideOf })) return false
    start += block.storedBytes
  }
  return true
}

const packed = (block: StoredBlock): number => block.storedBytes | (block.isCompressed ? 0 : 0x0100_0000)

const taskFor = (blocks: readonly PlannedBlock[], image: Squashfs, imagePath: string): DecodeTask => ({
  imagePath,
  superblock: image.superblock,
  starts: Float64Array.from(blocks, (block) => block.start),
  packedSizes: Uint32Array.from(blocks, (block) => block.packedSize),
  expectedBytes: Uint32Array.from(blocks, (block) => block.expectedBytes),
  taken: new SharedArrayBuffer(4),
  isDecoded: new SharedArrayBuffer(blocks.length),
})

/** A block that was read and has the size it must have needs no worker. */
function noteReads({ content }: Squashfs, { starts, expectedBytes, isDecoded }: DecodeTask): void {
  const indices = new Map(Array.from(starts, (start, index) => [start, index]))
  const decoded = new Uint8Array(isDecoded)
  content.onDecoded = (start, decodedBytes) => {
    const index = indices.get(start)
    if (index === undefined) return
    const wantedBytes = expectedBytes[index]
    if (wantedBytes === 0 || wantedBytes === decodedBytes) Atomics.store(decoded, index, 1)
  }
}

async function runWorkers(task: DecodeTask, blockCount: number, signal: AbortSignal): Promise<BlockDamage[]> {
  if (blockCount <= fewBlocks) return decodeShare(task)
  // One processor is left to the main thread, which looks into the image meanwhile.
  const workerCount = Math.max(1, Math.min(availableParallelism() - 1, maxWorkers, Math.ceil(blockCount / 8)))
  const answers = await Promise.all(Array.from({ length: workerCount }, () => runWorker(task, signal)))
  // Blocks are taken in order, and each thread stops at enough damage: the last are the same however many threads there are.
  return answers
    .flat()
    .sort((a, b) => a.index - b.index)
    .slice(-maxDamage)
}

function runWorker(task: DecodeTask, signal: AbortSignal): Promise<BlockDamage[]> {
  const worker = new Worker(new URL('./decode-worker.mjs', import.meta.url), { workerData: task })
  const stop = () => void worker.terminate()
  signal.addEventListener('abort', stop, { once: true })
  return new Promise<BlockDamage[]>((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', () => resolve([]))
  }).finally(() => signal.removeEventListener('abort', stop))
}
