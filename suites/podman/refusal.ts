import { expect } from 'vitest'
import type { ExecResult } from '../../harness/guest/guest-agent.ts'

/** podman's own exit code for its own failures (podman-run(1), "Exit Status"). */
const podmanFailed = 125

/** A command that podman must refuse, in time, by exit code 125 and with a reason that the user can act on. */
export function expectRefusal(result: ExecResult, what: string, reason: RegExp): void {
  expect(result.timedOut, `whether ${what} had to be ended by the harness`).toBe(false)
  expect(result.exitCode, `exit code of ${what}`).toBe(podmanFailed)
  expect(result.stderr.toString('utf8'), `what podman says to ${what}`).toMatch(reason)
}
