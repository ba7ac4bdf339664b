import type { FaultCode } from './fault-codes.ts'

/** The call was wrong or its input unreadable: one sentence to the user, exit code 2. */
export class CallFault extends Error {
  override readonly name = 'CallFault'
  readonly exitCode = 2
}

/** The harness or its environment failed, never the image: exit code 3. The message says what, where and the remedy. */
export class EnvironmentFault extends Error {
  override readonly name = 'EnvironmentFault'
  readonly exitCode = 3
  readonly code: FaultCode

  constructor(code: FaultCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** What was to be built does not build: the recipe's or its configuration's failure, exit code 4. Another try ends alike. */
export class BuildFault extends Error {
  override readonly name = 'BuildFault'
  readonly exitCode = 4
}

/** The guest did not do what was awaited (panic, silence, early end): the image's failure. `evidence` is the console's end. */
export class GuestFault extends Error {
  override readonly name = 'GuestFault'
  readonly evidence: string
  /** Set where what was seen tells a better remedy than the requirement's. */
  remedy?: string
  /** Set where several tests meet the same fault, so that it counts once. */
  shared?: SharedFault

  constructor(message: string, evidence = '', options?: ErrorOptions) {
    super(message, options)
    this.evidence = evidence
  }
}

/** Ties the failures of tests that met one fault, such as that of a boot which they share. Plain data: it leaves a test's process. */
export interface SharedFault {
  /** The same for all who met it. */
  key: string
  /** ID of the requirement that is about what failed, where there is one. */
  owner?: string
  /** Equal where two faults came about in the same way: the message and the last line of evidence, without numbers. */
  signature: string
}

/** The same fault, as one that others meet too; one that is shared already stays with whom it was shared first. */
export function sharedFault(fault: GuestFault, key: string, owner?: string): GuestFault {
  fault.shared ??= { key, ...(owner !== undefined && { owner }), signature: signatureOf(fault) }
  return fault
}

/** Time stamps, addresses and sizes differ between two boots that fail alike. A panic's own line says all. */
export function signatureOf({ message, evidence }: GuestFault): string {
  const lastLine = /panicked/.test(message) ? '' : (evidence.trimEnd().split('\n').at(-1) ?? '')
  return `${message} ${lastLine}`.replaceAll(/\[\s*\d+\.\d+\]|0x[\da-f]+|\d+(?:\.\d+)?/gi, '#')
}
