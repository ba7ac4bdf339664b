import { openSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { decodeStored, storedBlock } from './content.ts'
import type { BlockDamage, DecodeTask } from './decode-data.ts'
import { decompressorOf } from './decompress.ts'

/** Blocks taken at a time: about a megabyte, so that workers end together and reading stays in order. */
const blocksPerTurn = 16
/** An image with more damaged blocks than this is described well enough. */
const maxDamage = 20

parentPort?.postMessage(decodeShare(workerData as DecodeTask))

/** Decodes blocks until none is left; the process's end closes the file. */
function decodeShare(task: DecodeTask): BlockDamage[] {
  const file = openSync(task.imagePath, 'r')
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
