import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** World-writable and sticky, like /tmp itself. */
const mode = 0o1777

/**
 * Does something with a temporary folder in which mmdebstrap may work. Without root it works as a user of its own, mapped by
 * newuidmap, who gets through neither a home nor a cache that is closed to others (mmdebstrap(1), TMPDIR). What it left there
 * when it was killed belongs to that user, and stays.
 */
export async function withUnsharedFolder<T>(
  folder: string,
  use: (folder: string) => Promise<T>,
  isRoot = process.getuid?.() === 0,
): Promise<T> {
  if (isRoot) return use(folder)
  const open = await mkdtemp(join(tmpdir(), 'vpdmn-conformance-unshared-'))
  await chmod(open, mode)
  try {
    return await use(open)
  } finally {
    await rm(open, { recursive: true, force: true }).catch(() => undefined)
  }
}
