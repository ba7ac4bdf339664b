import { readdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { enclosed } from '../platform/process/enclosure.ts'
import { runTool } from '../platform/process/run-tool.ts'
import { fullDisk } from './full-disk.ts'

/** How the machine of a guest ends that put more on its share than it may. */
export const filledShare = 'stopped for filling its share'

/** A guest as far as it is ended here. */
interface Ended {
  /** Of its QEMU. */
  pid: number
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
/** Of folders that it could not enter, by name. */
const maxComplaintBytes = 1024 ** 2
/** Of stat(2), whatever the file system has. */
const statBlockBytes = 512

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
    const seen = await countShare(folder, guest.pid)
    // What a guest closes to the count is all that has grown: else it could fill the disk unseen.
    counted = seen.isWhole ? seen : { bytes: now.bytes - before.bytes, files: now.files - before.files }
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

/** What lies on a share, and whether all of it could be seen. */
interface Counted extends ShareBounds {
  isWhole: boolean
}

/** Room and number of what lies on a share, and of what its QEMU holds open there behind its last name. */
async function countShare(folder: string, pid: number): Promise<Counted> {
  const [bytes, files] = await Promise.all([du(['--block-size=1'], folder), du(['--inodes'], folder)])
  const nameless = await countNameless(folder, pid)
  const isWhole = bytes.isWhole && files.isWhole
  return { bytes: bytes.number + nameless.bytes, files: files.number + nameless.files, isWhole }
}

/** du follows no link and gets through folders of any depth, but, without root's rights, not into those that a guest has closed. */
async function du(options: readonly string[], folder: string): Promise<{ number: number; isWhole: boolean }> {
  const [tool = '', ...args] = await enclosed(['du', '-s', '-x', ...options, '--', folder])
  const bounds = { timeoutMs: countTimeoutMs, maxOutputBytes: maxComplaintBytes }
  const { stdout, stderr, timedOut, tooMuchOutput } = await runTool(tool, args, bounds)
  const number = timedOut ? Number.POSITIVE_INFINITY : Number.parseInt(stdout.toString('utf8'), 10) || 0
  return { number, isWhole: !tooMuchOutput && !stderr.includes('Permission denied') }
}

/** A file that is written behind its removal takes room under no name, as long as it is open (unlink(2)). */
async function countNameless(folder: string, pid: number): Promise<ShareBounds> {
  const { dev } = await stat(folder)
  const open = `/proc/${pid}/fd`
  const names = await readdir(open).catch(() => [])
  const found = await Promise.all(names.map((name) => stat(join(open, name)).catch(() => undefined)))
  const nameless = found.filter((status) => status?.isFile() && status.nlink === 0 && status.dev === dev)
  return {
    bytes: nameless.reduce((sum, status) => sum + (status?.blocks ?? 0) * statBlockBytes, 0),
    files: nameless.length,
  }
}

/** For whoever awaited something else of it. */
export const filledShareSentence = `The guest filled its share: it may put there ${maxBytes / 1024 ** 3} GiB, ${maxFiles} files, and half of what was free.`
