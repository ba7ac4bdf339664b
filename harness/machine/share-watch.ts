import { statfs } from 'node:fs/promises'
import { enclosed } from '../platform/process/enclosure.ts'
import { runTool } from '../platform/process/run-tool.ts'
import { fullDisk } from './full-disk.ts'

/** How the machine of a guest ends that put more on its share than it may. */
export const filledShare = 'stopped for filling its share'

/** A guest as far as it is ended here. */
interface Ended {
  /** Settles when it is gone. */
  ended: Promise<unknown>
  kill(reason: typeof filledShare | typeof fullDisk): Promise<void>
}

/** What a guest may put on its share: the largest that a test asks for is an archive of 320 MB. */
export interface ShareBounds {
  bytes: number
  files: number
}

const maxBytes = 2 * 1024 ** 3
const maxFiles = 200_000
/** Below this a guest is about to be told that there is no room, which it is not to blame for unless it took it. */
const leastFreeBytes = 16 * 1024 ** 2
/** A guest under emulation writes some 100 MB in this time. */
const lookMs = 1000
/** As many files as the bound allows are counted in 2 s here; a count that takes longer is one of many more. */
const countTimeoutMs = 60_000

/**
 * Looks each second whether a guest fills the file system that its share lies on, and ends its machine when what it put there passes
 * the bounds: 2 GiB or 200,000 files, and of little room at most half. What others write there is not the guest's, so growth of
 * the file system is only the reason to count. Where they leave no room, the machine ends as well, for no fault of the guest.
 */
export async function watchShare(
  guest: Ended,
  folder: string,
  given?: ShareBounds,
  usage = fileSystemUsage,
): Promise<void> {
  const before = await usage(folder)
  const bounds = given ?? { bytes: Math.min(maxBytes, before.freeBytes / 2), files: maxFiles }
  let counted = { bytes: 0, files: 0 }
  let base = before
  const look = async (): Promise<void> => {
    const now = await usage(folder)
    const isFull = now.freeBytes < leastFreeBytes
    if (!isFull && !passes({ bytes: now.bytes - base.bytes, files: now.files - base.files }, bounds, counted)) return
    counted = await countShare(folder)
    base = now
    if (passes(counted, bounds)) await guest.kill(filledShare)
    else if (isFull) await guest.kill(fullDisk)
  }
  void repeat(guest, look)
}

/** The guest's end ends the looks; one that fails says nothing, as of a share that was removed behind its guest. */
async function repeat(guest: Ended, look: () => Promise<void>): Promise<void> {
  let hasEnded = false
  guest.ended.then(() => {
    hasEnded = true
  })
  while (!hasEnded) {
    await look().catch(() => {})
    await new Promise((resolve) => setTimeout(resolve, lookMs).unref())
  }
}

const passes = (grown: ShareBounds, bounds: ShareBounds, counted: ShareBounds = { bytes: 0, files: 0 }): boolean =>
  counted.bytes + grown.bytes > bounds.bytes || counted.files + grown.files > bounds.files

/** File systems that make their inodes as they go tell none; their files count by the room they take. */
async function fileSystemUsage(folder: string): Promise<ShareBounds & { freeBytes: number }> {
  const { blocks, bfree, bavail, bsize, files, ffree } = await statfs(folder)
  return { bytes: (blocks - bfree) * bsize, files: files - ffree, freeBytes: bavail * bsize }
}

/** Room and number of what lies on a share; du follows no link and gets through folders of any depth. */
async function countShare(folder: string): Promise<ShareBounds> {
  const [bytes, files] = await Promise.all([du(['--block-size=1'], folder), du(['--inodes'], folder)])
  return { bytes, files }
}

async function du(options: readonly string[], folder: string): Promise<number> {
  const [tool = '', ...args] = await enclosed(['du', '-s', '-x', ...options, '--', folder])
  const { stdout, timedOut } = await runTool(tool, args, { timeoutMs: countTimeoutMs })
  return timedOut ? Number.POSITIVE_INFINITY : Number.parseInt(stdout.toString('utf8'), 10) || 0
}

/** For whoever awaited something else of it. */
export const filledShareSentence = `The guest filled its share: it may put there ${maxBytes / 1024 ** 3} GiB, ${maxFiles} files, and half of what was free.`
