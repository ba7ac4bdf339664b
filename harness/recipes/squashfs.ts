import { requireTool } from '../platform/process/run-tool.ts'

const packTimeoutMs = 10 * 60_000

/**
 * Packs a tree so that the same tree gives the same bytes: everything is root's and of one time.
 * @param timeSeconds since 1970, for all files and for the file system itself.
 */
export async function packSquashfs(tree: string, image: string, timeSeconds: number): Promise<void> {
  const time = String(timeSeconds)
  const options = [
    '-noappend',
    '-no-progress',
    '-quiet',
    '-no-xattrs',
    '-all-root',
    '-mkfs-time',
    time,
    '-all-time',
    time,
  ]
  await requireTool('mksquashfs', [tree, image, ...options, '-comp', 'zstd'], { timeoutMs: packTimeoutMs })
}
