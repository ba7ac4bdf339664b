import type { GuestEnd, RunningGuest } from '../../machine/start-guest.ts'
import { EnvironmentFault } from '../../model/faults.ts'
import { withTimeout } from '../../platform/process/with-timeout.ts'

/** From the closed channel to QEMU's end, which follows within milliseconds; the bound is for a loaded machine. */
const endTimeoutMs = 5_000

/** Thrown where the guest ended by itself while something ran in it. The message is a sentence. */
export class GuestEnded extends Error {
  override readonly name = 'GuestEnded'
  /** Who sits at a guest may end it; a panic is nobody's wish. */
  readonly isPanic: boolean

  constructor(message: string, isPanic: boolean, cause: unknown) {
    super(message, { cause })
    this.isPanic = isPanic
  }
}

/** Returns what work in a guest comes to. Throws GuestEnded or EnvironmentFault where it failed since the machine ended. */
export async function unlessEnded<T>(machine: RunningGuest, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (cause) {
    const reason = await withTimeout(endTimeoutMs, endOf(machine)).catch(() => undefined)
    throw reason === undefined ? cause : endingError(machine, reason, cause)
  }
}

/** A panicked kernel may leave the machine running, and nothing goes on in it. */
const endOf = ({ ended, console }: RunningGuest): Promise<GuestEnd['reason']> =>
  Promise.race([ended.then(({ reason }) => reason), console.fatal.then(() => 'guest-panic' as const)])

const sentences: Partial<Record<GuestEnd['reason'], string>> = {
  'guest-shutdown': 'The guest powered off.',
  'guest-reset': 'The guest rebooted, which ends it.',
  'guest-panic': 'The guest’s kernel panicked.',
}

function endingError({ shape, console }: RunningGuest, reason: GuestEnd['reason'], cause: unknown): Error {
  const panic = console.events.find(({ severity }) => severity === 'fatal')
  if (panic) return new GuestEnded(`The guest’s kernel panicked: ${panic.line.trim()}`, true, cause)
  const sentence = sentences[reason]
  if (sentence !== undefined) return new GuestEnded(sentence, reason === 'guest-panic', cause)
  return new EnvironmentFault('E_QEMU_DIED', `${shape.architecture.emulator} died while the guest ran.`, { cause })
}
