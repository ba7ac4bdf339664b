import { lstat, mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { openSquashfs, type Squashfs } from '../../image/squashfs/squashfs.ts'
import { GuestFault } from '../../model/faults.ts'
import { requireTool } from '../../platform/process/run-tool.ts'
import { pathInside } from '../../recipes/path-inside.ts'

/** Unpacking and packing 150 MB takes 3 s here. */
const toolTimeoutMs = 300_000
/** An image is untrusted: a small file may unpack to more than the disk holds. */
const maxUnpackedMiB = 4096

/** Changes an unpacked image. It resolves every path inside the tree: a link of the image must not lead to the host. */
export type ImageEdit = (tree: string) => Promise<void>

/** Packs a changed copy of an image, of the same compression, and returns its path. Throws GuestFault for one too large. */
export async function deriveImage(
  imagePath: string,
  folder: string,
  edits: readonly ImageEdit[],
  maxMiB = maxUnpackedMiB,
): Promise<string> {
  const compression = compressionWithinBounds(imagePath, maxMiB)
  const tree = join(folder, 'derived-tree')
  await requireTool('unsquashfs', ['-quiet', '-no-progress', '-dest', tree, imagePath], { timeoutMs: toolTimeoutMs })
  for (const edit of edits) await edit(tree)
  const derived = await packFolder(tree, join(folder, 'derived.squashfs'), compression)
  await rm(tree, { recursive: true })
  return derived
}

/** Packs a folder as a squashfs whose blocks are left as they are, which is quick; returns its path. */
export async function packFolder(tree: string, image: string, compression = 'gzip'): Promise<string> {
  const asTheyAre = ['-noI', '-noD', '-noF', '-noX']
  const options = ['-noappend', '-quiet', '-no-progress', '-comp', compression, ...asTheyAre]
  await requireTool('mksquashfs', [tree, image, ...options], { timeoutMs: toolTimeoutMs })
  return image
}

/** The kernel at hand mounts what has the compression of the image itself. */
function compressionWithinBounds(imagePath: string, maxMiB: number): string {
  const squashfs = openSquashfs(imagePath)
  try {
    if (unpackedBytes(squashfs) > maxMiB * 1024 ** 2)
      throw new GuestFault(`The image unpacks to more than ${maxMiB} MiB: no copy of it is made.`)
    return squashfs.superblock.compression
  } finally {
    squashfs.close()
  }
}

function unpackedBytes({ tree }: Squashfs): number {
  const files = new Set(tree.entries.map(({ inode }) => inode).filter(({ kind }) => kind === 'file'))
  return [...files].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
}

/** Removes a program from every folder that programs are looked for in. */
export const removeProgram =
  (name: string): ImageEdit =>
  async (tree) => {
    for (const folder of ['bin', 'sbin', 'usr/bin', 'usr/sbin', 'usr/local/bin', 'usr/local/sbin']) {
      const inside = await pathInside(tree, folder)
      if (inside !== undefined) await rm(join(tree, inside, name), { force: true })
    }
  }

/** Moves /init to /sbin/init, in the place of what was there. */
export const moveInitAway: ImageEdit = async (tree) => {
  const init = await lstat(join(tree, 'init')).catch(() => undefined)
  if (!init?.isFile()) throw new GuestFault('The image has no file /init.')
  const folder = join(tree, (await pathInside(tree, 'sbin')) ?? (await replacedByFolder(tree, 'sbin')))
  await rm(join(folder, 'init'), { force: true })
  await rename(join(tree, 'init'), join(folder, 'init'))
}

/** Makes a folder in the place of a link that leads nowhere inside the tree; on the host it could lead somewhere. */
async function replacedByFolder(tree: string, name: string): Promise<string> {
  await rm(join(tree, name), { force: true })
  await mkdir(join(tree, name))
  return name
}
