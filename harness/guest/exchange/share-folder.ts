import { constants } from 'node:fs'
import { mkdir, open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GuestFault } from '../../model/faults.ts'

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
 * Puts a file on a share that a running guest can write to, with the folders above it, where nothing of that name may be: through a
 * link of the guest's the content would get anywhere on the host. Throws GuestFault where something is in the way.
 */
export async function addToShare(share: string, name: string, content: string | Uint8Array): Promise<void> {
  const folders = name.split('/')
  const last = folders.pop() ?? ''
  let current = await open(share, constants.O_DIRECTORY)
  try {
    for (const folder of folders) {
      const path = `/proc/self/fd/${current.fd}/${folder}`
      await mkdir(path).catch(unless('EEXIST'))
      const next = await open(path, constants.O_DIRECTORY | constants.O_NOFOLLOW)
      await current.close()
      current = next
    }
    await writeFile(`/proc/self/fd/${current.fd}/${last}`, content, { flag: 'wx' })
  } catch (cause) {
    if (!inTheWay.includes((cause as NodeJS.ErrnoException).code ?? '')) throw cause
    throw new GuestFault(
      `The guest left something in the way of "${name}" on the share, which the host is to put there.`,
      '',
      {
        cause,
      },
    )
  } finally {
    await current.close()
  }
}

/** A name that is taken, a link, what is no folder, one that keeps this user out, and one that is gone again (open(2)). */
const inTheWay = ['EEXIST', 'ELOOP', 'ENOTDIR', 'EACCES', 'ENOENT']

const unless = (code: string) => (error: NodeJS.ErrnoException) => {
  if (error.code !== code) throw error
}
