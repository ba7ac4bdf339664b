import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { anyMarkerLine, initramfsError } from '../../contract/markers.ts'
import type { RunningGuest } from '../../machine/start-guest.ts'
import { GuestFault, type SharedFault, signatureOf } from '../../model/faults.ts'

/** Each silent boot costs its whole bound, and an image has two dozen boots: enough to rule out an accident. */
const maxSilentBoots = 3

/** What an image prints once its init has come to something: a marker, the start of a command, or an error. */
const isSignOfLife = (text: string): boolean =>
  anyMarkerLine.test(text) || text === '@@ready' || text.startsWith(initramfsError)

const listOf = (runFolder: string): string => join(runFolder, 'silent-boots')

type SilentBoot = Pick<SharedFault, 'signature'> & { message: string }

/** Throws GuestFault where so many boots of the image have come to nothing that another one would tell nothing new. */
export async function requireAnsweringImage(runFolder: string): Promise<void> {
  const lines = (await readFile(listOf(runFolder), 'utf8').catch(() => '')).split('\n').filter(Boolean)
  if (lines.length < maxSilentBoots) return
  const { message, signature } = JSON.parse(lines[0] as string) as SilentBoot
  const fault = new GuestFault(`Not booted: ${lines.length} boots of this image never responded. ${message}`)
  fault.shared = { key: 'silent boots', signature }
  throw fault
}

/** Awaits what a boot comes to; one that fails without any sign of life is noted for `requireAnsweringImage`. */
export async function recordSilence<T>(runFolder: string, guest: RunningGuest, awaited: Promise<T>): Promise<T> {
  try {
    return await awaited
  } catch (error) {
    const isSilent = !guest.console.lines.some(({ text }) => isSignOfLife(text))
    if (!(error instanceof GuestFault) || !isSilent) throw error
    const boot: SilentBoot = { message: error.message, signature: signatureOf(error) }
    await appendFile(listOf(runFolder), `${JSON.stringify(boot)}\n`)
    throw error
  }
}
