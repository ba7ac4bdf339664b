import { contractParameters } from '../../contract/request.ts'
import { awaitOneShot } from '../../machine/one-shot.ts'
import type { RunningGuest } from '../../machine/start-guest.ts'
import { GuestFault } from '../../model/faults.ts'
import { measuredCommand, measuredParameters } from './measured-initramfs.ts'

/** Kernel parameters of every measured boot, after those of its machine. */
export const bootParameters: readonly string[] = [
  ...measuredParameters,
  'quiet',
  ...contractParameters({ cmd: measuredCommand, output: 'text' }),
]

/** Waits until the guest has run all steps and ended. Throws GuestFault where the image does not run them. */
export async function awaitSteps(guest: RunningGuest, timeoutMs: number): Promise<void> {
  const { exitCode, output, error } = await awaitOneShot(guest, timeoutMs)
  if (exitCode === 0) return
  const seen = error ?? output ?? 'the image gave no answer'
  throw new GuestFault(`The measured commands did not all succeed: ${seen}`.trim(), guest.console.end())
}
