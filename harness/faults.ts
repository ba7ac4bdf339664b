/** The call was wrong or its input unreadable: one sentence to the user, exit code 2. */
export class CallFault extends Error {
  override readonly name = 'CallFault'
  readonly exitCode = 2
}

/** The harness or its surroundings failed, never the image: exit code 3. The message says what, where and the remedy. */
export class EnvironmentFault extends Error {
  override readonly name = 'EnvironmentFault'
  readonly exitCode = 3
}

/** The guest did not do what was awaited (panic, silence, early end): the image's failure. `evidence` is the console's end. */
export class GuestFault extends Error {
  override readonly name = 'GuestFault'
  readonly evidence: string

  constructor(message: string, evidence: string, options?: ErrorOptions) {
    super(message, options)
    this.evidence = evidence
  }
}
