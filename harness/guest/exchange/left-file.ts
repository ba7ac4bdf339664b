import { constants, type Stats } from 'node:fs'
import { type FileHandle, open, readlink } from 'node:fs/promises'
import { GuestFault } from '../../model/faults.ts'
import { pathOnly } from '../../platform/path-only.ts'

/**
 * A file that a guest was to leave in a folder of the host. The folder is ours; whatever is in it is the guest's, links, pipes and
 * devices too, and may change while it is looked at.
 */
export interface LeftFile {
  /** Path of the folder. */
  share: string
  /** Path below the folder, without `.` and `..`. */
  name: string
}

const { O_NOFOLLOW, O_RDONLY, O_NONBLOCK } = constants

type IsKind = (status: Stats) => boolean

const folderWanted = { called: 'a folder', is: (status: Stats) => status.isDirectory() }
const fileWanted = { called: 'a file', is: (status: Stats) => status.isFile() }

/** What a guest can leave in place of what is wanted. */
const kinds: readonly { called: string; is: IsKind }[] = [
  { called: 'a symbolic link', is: (status) => status.isSymbolicLink() },
  { called: 'a named pipe', is: (status) => status.isFIFO() },
  { called: 'a socket', is: (status) => status.isSocket() },
  { called: 'a character device', is: (status) => status.isCharacterDevice() },
  { called: 'a block device', is: (status) => status.isBlockDevice() },
  folderWanted,
  fileWanted,
]

/**
 * Opens a file that a guest left, for reading; undefined where there is none. No part of its path is followed as a link: each is
 * opened relative to the one before, so that nothing can be exchanged in between (/proc/self/fd stands for openat(2), which Node
 * does not have). Throws GuestFault where the guest left anything but a file in folders, or more than `maxBytes`: holes cost it
 * nothing.
 */
export async function openLeftFile(file: LeftFile, maxBytes: number): Promise<FileHandle | undefined> {
  const named = await nameLeft(file).catch((error: unknown) => refuseClosed(file, error))
  if (!named) return undefined
  try {
    const { size } = await named.stat()
    if (size > maxBytes)
      throw new GuestFault(
        `The guest left "${file.name}" on the share with ${size} bytes; at most ${maxBytes} are read.`,
      )
    return await open(pathOf(named), O_RDONLY | O_NONBLOCK)
  } catch (error) {
    return refuseClosed(file, error)
  } finally {
    await named.close()
  }
}

/** Guests of a QEMU that is not root give files modes that keep its own user out. */
function refuseClosed({ name }: LeftFile, cause: unknown): never {
  if (codeOf(cause) !== 'EACCES') throw cause
  const message = `The guest left "${name}" on the share with a mode that keeps this user from reading it.`
  throw new GuestFault(message, '', { cause })
}

/** The content of a file that a guest left, as far as it went when it was opened; undefined where there is none. */
export async function readLeftFile(file: LeftFile, maxBytes: number): Promise<Buffer | undefined> {
  const handle = await openLeftFile(file, maxBytes)
  if (!handle) return undefined
  try {
    const content = Buffer.alloc(Math.min((await handle.stat()).size, maxBytes))
    let filledBytes = 0
    for (let count = -1; count !== 0 && filledBytes < content.length; filledBytes += count)
      count = (await handle.read(content, filledBytes, content.length - filledBytes, filledBytes)).bytesRead
    return content.subarray(0, filledBytes)
  } finally {
    await handle.close()
  }
}

/** The file by name only; undefined where there is nothing. */
async function nameLeft({ share, name }: LeftFile): Promise<FileHandle | undefined> {
  const parts = name.split('/')
  let current = await open(share, pathOnly)
  try {
    for (const [index, part] of parts.entries()) {
      const path = `${pathOf(current)}/${part}`
      const next = await open(path, pathOnly | O_NOFOLLOW)
      // Only told. The parent is open, so the words are the guest's own wherever they point.
      const target = await readlink(path).catch(() => undefined)
      await current.close()
      current = next
      const place = parts.slice(0, index + 1).join('/')
      await requireKind(current, index === parts.length - 1 ? fileWanted : folderWanted, place, target)
    }
    return current
  } catch (error) {
    await current.close()
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

const pathOf = ({ fd }: FileHandle): string => `/proc/self/fd/${fd}`

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code

async function requireKind(
  named: FileHandle,
  wanted: { called: string; is: IsKind },
  place: string,
  target: string | undefined,
): Promise<void> {
  const status = await named.stat()
  if (wanted.is(status)) return
  const kind = kinds.find(({ is }) => is(status))?.called ?? 'something unknown'
  const leading = target === undefined ? '' : ` to "${target}"`
  throw new GuestFault(
    `The guest left ${kind}${leading} at "${place}" on the share in place of ${wanted.called}: it was not opened.`,
  )
}
