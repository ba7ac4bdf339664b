import { expect } from 'vitest'
import { requirement } from '../../harness/exercise/requirement-test.ts'
import { type FaultCase, faultCases } from '../../harness/registry/fault/fault-cases.ts'
import { longTimeoutMs } from './bounds.ts'
import { expectNothingLeft, pullTimeoutMs } from './clean-pull.ts'
import { isPodmanSince } from './era.ts'
import { imageNames } from './image-names.ts'
import { faultRequirementIds } from './requirements/faults.ts'

/** Defines the test of each fault case whose requirement lies in the range: one guest, one front, one pull. */
export function pullsFromFaultyRegistry(first: string, last: string): void {
  for (const faultCase of faultCases()) {
    const id = faultRequirementIds.get(faultCase.id) as string
    if (id < first || id > last) continue
    requirement(id, longTimeoutMs, async ({ guestBehind }) => {
      const { reference, faults, certificate = 'trusted' } = faultCase
      const image = `docker.io/${reference}`
      const { guest, front } = await guestBehind({ faults: faults(), certificate })
      const result = await guest.podman(['pull', '-q', image], { timeoutMs: pullTimeoutMs })
      const said = result.stderr.toString('utf8').trim()
      expect(result.timedOut, `whether the pull had to be ended after ${pullTimeoutMs / 1000} s: ${said}`).toBe(false)
      if (certificate === 'trusted')
        expect(
          front.requests().some(({ fault }) => fault !== undefined),
          'whether the fault was met',
        ).toBe(true)
      else expect(front.requests(), 'requests over a connection that must not come about').toEqual([])

      const succeeds = await isExpectedToSucceed(faultCase, () => isPodmanSince(guest, faultCase.sincePodman ?? '0'))
      expect(result.exitCode, `exit code of the pull: ${said}`).toBe(succeeds ? 0 : 125)
      if (succeeds) expect(await imageNames(guest), 'images in the store').toEqual([image])
      else await expectNothingLeft(guest)
      if (!succeeds) expect(said, 'what podman says').toMatch(/^Error: .+/m)
    })
  }
}

/** A podman older than the one that brought a second try gives up, and has to do that cleanly. */
async function isExpectedToSucceed({ pull, sincePodman }: FaultCase, isNewEnough: () => Promise<boolean>) {
  if (pull === 'fails') return false
  return sincePodman === undefined || (await isNewEnough())
}
