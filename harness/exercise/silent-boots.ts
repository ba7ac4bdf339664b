import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunningGuest } from '../boot/start-guest.ts'
import { GuestFault } from '../faults.ts'

/** Each silent boot costs its whole bound, and an image has two dozen boots: enough to rule out an accident. */
const mostSilentBoots = 3

/** What an image prints once its init has come to something: a marker, the start of a command, or an error. */
const signOfLife = /^(?:===\w+(?:=\d+)?===|@@ready|ERROR:.*)$/

const listOf = (runFolder: string): string => join(runFolder, 'silent-boots')

/** Throws GuestFault where so many boots of the image have come to nothing that another one would tell nothing new. */
export async function requireAnsweringImage(runFolder: string): Promise<void> {
  const silent = (await readFile(listOf(runFolder), 'utf8').catch(() => '')).split('\n').filter(Boolean)
  if (silent.length >= mostSilentBoots)
    throw new GuestFault(`Not booted: ${silent.length} boots of this image came to no answer. ${silent[0]}`, '')
}

/** Awaits what a boot comes to; one that fails without any sign of life is noted for `requireAnsweringImage`. */
export async function notingSilence<T>(runFolder: string, guest: RunningGuest, awaited: Promise<T>): Promise<T> {
  try {
    return await awaited
  } catch (error) {
    const silent = !guest.console.lines.some(({ text }) => signOfLife.test(text))
    if (error instanceof GuestFault && silent) await appendFile(listOf(runFolder), `${error.message}\n`)
    throw error
  }
}
