import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GuestFault } from '../faults.ts'

/** Makes a folder of files, by name and content, to be shared with a guest or packed on a disk. Returns its path. */
export async function makeShare(
  parent: string,
  name: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<string> {
  const folder = join(parent, name)
  await mkdir(folder)
  for (const [file, content] of Object.entries(files)) await writeFile(join(folder, file), content)
  return folder
}

/**
 * Puts a file on a share that a running guest can write to, where nothing of that name may be: through a link of the guest's the
 * content would get anywhere on the host.
 */
export async function addToShare(share: string, name: string, content: string | Uint8Array): Promise<void> {
  try {
    await writeFile(join(share, name), content, { flag: 'wx' })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
    const message = `The guest left something at "${name}" on the share, where a file of the host is to be put.`
    throw new GuestFault(message, '', { cause })
  }
}
