import { open, stat } from 'node:fs/promises'
import { CallFault } from '../../model/faults.ts'

/** The first bytes of a file of the user's; `what` it is to be begins the sentence when it is not. Throws CallFault where it cannot be read, or is no file or empty. */
export async function readStart(what: string, path: string, sizeBytes: number): Promise<Buffer> {
  await requireFile(what, path)
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(sizeBytes), 0, sizeBytes, 0)
    if (bytesRead < 6) throw new CallFault(`${what} ${path} is empty or nearly so: ${bytesRead} bytes.`)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

const reasons: Record<string, string> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist: a part of its path is no folder',
  EACCES: 'may not be read',
  ELOOP: 'is a link that leads back to itself',
}

async function requireFile(what: string, path: string): Promise<void> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw new CallFault(`${what} ${path} ${reasons[cause.code ?? ''] ?? `cannot be read (${cause.code})`}.`, {
      cause,
    })
  })
  if (!found.isFile()) throw new CallFault(`${what} ${path} is not a file.`)
}
