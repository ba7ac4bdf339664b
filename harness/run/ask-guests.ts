import { requirementsOf } from '../../suites/requirements.ts'
import type { SuiteCoordinates } from '../guest/prepare/coordinates.ts'
import {
  bootCoordinates,
  type GuestSource,
  preparePodman,
  startStockedRegistry,
} from '../guest/prepare/prepare-guests.ts'
import { prepareXen } from '../guest/xen/prepare-xen.ts'
import type { RequirementResult } from '../model/result.ts'
import type { Profile } from '../profile/profile.ts'
import { runSuites } from './run-suites.ts'

/** Some requirements of one guest suite, asked of one image. */
export interface GuestQuestion {
  /** Names the image in results. */
  key: string
  suite: 'boot' | 'podman' | 'xen'
  /** IDs of requirements. */
  asked: readonly string[]
  source: GuestSource
  contract: Pick<Profile['contract'], 'engine' | 'era'>
  notApplicable: NonNullable<SuiteCoordinates['notApplicable']>
  /** How many tests run side by side. */
  jobs: number
}

/** Prepares guests of an image and returns the results of the requirements asked for. */
export async function askGuests(question: GuestQuestion): Promise<readonly RequirementResult[]> {
  const { key, suite, asked, jobs, source } = question
  const results = await runSuites({
    suites: [suite],
    targets: [{ key, coordinates: await coordinatesOf(question) }],
    requirements: requirementsOf([suite], false).filter(({ id }) => asked.includes(id)),
    jobs,
    lifetime: source.lifetime,
    onResult: () => {},
  })
  return results.get(key)?.requirements ?? []
}

async function coordinatesOf({ suite, source, contract, notApplicable }: GuestQuestion): Promise<SuiteCoordinates> {
  // One seed for each image: what differs is the image alone.
  const coordinates = { ...bootCoordinates(source, contract.engine), seed: 1, era: contract.era, notApplicable }
  if (suite === 'boot') return coordinates
  if (suite === 'xen') return { ...coordinates, xen: await prepareXen(source) }
  const { runFolder: folder, lifetime } = source
  return {
    ...coordinates,
    podman: await preparePodman(source, await startStockedRegistry({ mode: 'process', folder, lifetime })),
  }
}
