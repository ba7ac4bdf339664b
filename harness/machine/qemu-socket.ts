import { constants } from 'node:fs'
import { mkdtemp, open, unlink } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { GuestFault } from '../model/faults.ts'
import { pathOnly } from '../platform/path-only.ts'
import type { Lifetime } from '../platform/process/lifetime.ts'
import { removeFolder } from '../platform/process/remove-folder.ts'

/**
 * Where QEMU is to make a socket: in a folder of its own, since it may write to all of that one. The lifetime removes it.
 * @param name the start of the folder's name
 */
export async function openSocketFolder(parent: string, name: string, lifetime: Lifetime): Promise<string> {
  const folder = await mkdtemp(join(parent, `${name}-`))
  const path = join(folder, 'image.sock')
  lifetime.defer(async () => {
    await removeSocket(path)
    await removeFolder(folder)
  })
  return path
}

/** Without it a folder is empty as a rule, and needs no tool to be removed; whatever else lies at its path stays. */
export const removeSocket = (path: string): Promise<void> => unlink(path).catch(() => {})

/**
 * Connects to a socket that QEMU listens on. Throws GuestFault where it is none: a guest that broke out of QEMU can put a link in its
 * place, through which the harness would speak to services of the host by its own rights.
 */
export async function connectSocket(path: string): Promise<Socket> {
  const named = await open(path, pathOnly | constants.O_NOFOLLOW)
  try {
    if (!(await named.stat()).isSocket())
      throw new GuestFault(`Something else lies at ${path} in place of QEMU’s socket: it was not opened.`)
    // What was looked at is what is connected to, whatever has its name by now.
    return await connected(`/proc/self/fd/${named.fd}`)
  } finally {
    await named.close()
  }
}

const connected = (path: string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(socket)
    })
    socket.once('error', reject)
  })
