/**
 * Carries `--no-sandbox` into the processes of tests, which start guests of their own. What runs of one process start is held in
 * one way, so that no guest is without by a plan that forgot to say so.
 */
const variable = 'VPDMN_CONFORMANCE_NO_SANDBOX'

/** From now on QEMU runs without its sandbox, here and in processes that are started from here. */
export function switchSandboxOff(): void {
  process.env[variable] = 'yes'
}

/** Does this one work without it; for nothing else in this process meanwhile. */
export async function withoutSandbox<T>(work: () => Promise<T>): Promise<T> {
  const { [variable]: before } = process.env
  switchSandboxOff()
  try {
    return await work()
  } finally {
    if (before === undefined) delete process.env[variable]
    else process.env[variable] = before
  }
}

export const isSandboxOff = (): boolean => process.env[variable] === 'yes'
