import { expect } from 'vitest'
import { type FaultCase, faultCases } from '../../harness/registry/fault/fault-cases.ts'
import { forkWithFront, type GuestWithFront } from '../../harness/run/podman-guest.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { sharedUntilFailure } from '../../harness/run/shared-in-file.ts'
import { longTimeoutMs } from './bounds.ts'
import { expectNoHalfImage, expectNothingLeft, pullTimeoutMs } from './clean-pull.ts'
import { isPodmanSince } from './era.ts'
import { imageNames } from './image-names.ts'
import { faultRequirementIds } from './requirements/faults.ts'

/** Defines the test of each fault case whose requirement lies in the range: one pull each, of one guest in turn. */
export function pullsFromFaultyRegistry(first: string, last: string): void {
  const sound = sharedUntilFailure((lifetime) => forkWithFront('fresh', {}, lifetime))
  for (const faultCase of faultCases()) {
    const id = faultRequirementIds.get(faultCase.id) as string
    if (id < first || id > last) continue
    requirement(id, longTimeoutMs, async ({ guestBehind }) => {
      const { faults, certificate } = faultCase
      if (leavesTraces(faultCase)) {
        await judgePull(faultCase, await guestBehind({ faults: faults(), ...(certificate && { certificate }) }))
        return
      }
      const behind = await sound()
      const ends = faults().map(behind.front.inject)
      await judgePull(faultCase, behind)
      for (const end of ends) end()
      await behind.guest.mustPodman(['rmi', '-a', '-f'])
    })
  }
}

/** Another certificate, a dead front, or the whole layers below the one at which an older podman gives up. */
const leavesTraces = ({ certificate, endsFront, sincePodman }: FaultCase): boolean =>
  certificate !== undefined || endsFront === true || sincePodman !== undefined

async function judgePull(faultCase: FaultCase, { guest, front }: GuestWithFront): Promise<void> {
  const image = `docker.io/${faultCase.reference}`
  const before = front.requests().length
  const result = await guest.podman(['pull', '-q', image], { timeoutMs: pullTimeoutMs })
  const said = result.stderr.toString('utf8').trim()
  expect(result.timedOut, `whether the pull had to be ended after ${pullTimeoutMs / 1000} s: ${said}`).toBe(false)
  const requests = front.requests().slice(before)
  if (faultCase.certificate) expect(requests, 'requests over a connection that must not come about').toEqual([])
  else
    expect(
      requests.some(({ fault }) => fault !== undefined),
      'whether the fault was met',
    ).toBe(true)

  const succeeds = await isExpectedToSucceed(faultCase, () => isPodmanSince(guest, faultCase.sincePodman ?? '0'))
  expect(result.exitCode, `exit code of the pull: ${said}`).toBe(succeeds ? 0 : 125)
  if (succeeds) expect(await imageNames(guest), 'images in the store').toEqual([image])
  else await (faultCase.sincePodman ? expectNoHalfImage(guest) : expectNothingLeft(guest))
  if (!succeeds) expect(said, 'what podman says').toMatch(/^Error: .+/m)
}

/** A podman older than the one that brought a second try gives up, and has to do that cleanly. */
async function isExpectedToSucceed({ pull, sincePodman }: FaultCase, isNewEnough: () => Promise<boolean>) {
  if (pull === 'fails') return false
  return sincePodman === undefined || (await isNewEnough())
}
