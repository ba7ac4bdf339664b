import { closeSync, openSync } from 'node:fs'
import { decodeStored, storedBlock } from './content.ts'
import { decompressorOf } from './decompress.ts'
import type { Squashfs } from './squashfs.ts'

/** Blocks taken at a time: about a megabyte, so that workers end together and reading stays in order. */
const blocksPerTurn = 16
/** An image with more damaged blocks than this is described well enough by the first. */
export const maxDamage = 20

/** What a worker is told; `next` is the shared index of the first block that no worker has taken yet. */
export interface DecodeTask {
  imagePath: string
  superblock: Squashfs['superblock']
  starts: Float64Array
  packedSizes: Uint32Array
  /** Bytes that each block must decode to; 0 where only the block size bounds it. */
  expectedBytes: Uint32Array
  next: SharedArrayBuffer
}

export interface BlockDamage {
  index: number
  message: string
}

/** Decodes blocks until no other thread has left any. */
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
  const next = new Int32Array(task.next)
  const damage: BlockDamage[] = []
  while (damage.length < maxDamage) {
    const first = Atomics.add(next, 0, blocksPerTurn)
    const end = Math.min(first + blocksPerTurn, task.starts.length)
    if (first >= end) break
    for (let index = first; index < end; index++) {
      const message = decodeBlock(index)
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
