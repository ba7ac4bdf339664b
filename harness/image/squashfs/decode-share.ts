import { closeSync, openSync } from 'node:fs'
import { decodeStored, storedBlock } from './content.ts'
import { decompressorOf } from './decompress.ts'
import type { Squashfs } from './squashfs.ts'

/** Blocks taken at a time: about a megabyte, so that workers end together and reading stays in order. */
const blocksPerTurn = 16
/** An image with more damaged blocks than this is described well enough by the last ones. */
export const maxDamage = 20

/** What a worker is told. */
export interface DecodeTask {
  imagePath: string
  superblock: Squashfs['superblock']
  starts: Float64Array
  packedSizes: Uint32Array
  /** Bytes that each block must decode to; 0 where only the block size bounds it. */
  expectedBytes: Uint32Array
  /** How many blocks, from the last one back, workers have taken. */
  taken: SharedArrayBuffer
  /** For each block 1 as soon as someone has read it whole. */
  isDecoded: SharedArrayBuffer
}

export interface BlockDamage {
  index: number
  message: string
}

/** Decodes blocks, from the last one back, until no other thread has left any. */
export function decodeShare(task: DecodeTask): BlockDamage[] {
  const file = openSync(task.imagePath, 'r')
  try {
    return decodeFrom(file, task)
  } finally {
    closeSync(file)
  }
}

function decodeFrom(file: number, task: DecodeTask): BlockDamage[] {
  const decompress = decompressorOf(task.superblock.compression)
  const taken = new Int32Array(task.taken)
  const isDecoded = new Uint8Array(task.isDecoded)
  const damage: BlockDamage[] = []
  while (damage.length < maxDamage) {
    const end = task.starts.length - Atomics.add(taken, 0, blocksPerTurn)
    if (end <= 0) break
    for (let index = end - 1; index >= Math.max(end - blocksPerTurn, 0); index--) {
      const message = Atomics.load(isDecoded, index) === 1 ? undefined : decodeBlock(index)
      if (message !== undefined) damage.push({ index, message })
    }
  }
  return damage

  function decodeBlock(index: number): string | undefined {
    const start = task.starts[index] as number
    const expectedBytes = task.expectedBytes[index] as number
    try {
      const decoded = decodeStored(
        file,
        storedBlock(start, task.packedSizes[index] as number),
        task.superblock,
        decompress,
      )
      const isWrong = expectedBytes !== 0 && decoded.length !== expectedBytes
      return isWrong ? `the data block at byte ${start} has ${decoded.length} bytes, not ${expectedBytes}` : undefined
    } catch (error) {
      return (error as Error).message
    }
  }
}
