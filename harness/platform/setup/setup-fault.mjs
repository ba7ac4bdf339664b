/** Set-up cannot go on; the message says what is missing and what to do. Exit code 3. */
export class SetupFault extends Error {}
