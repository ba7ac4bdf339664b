import { requirementsOf } from '../../suites/requirements.ts'
import { runSuites, type SuiteResults, type SuiteTarget } from '../exercise/run-suites.ts'
import { inTask } from '../report/in-task.ts'
import type { RequirementResult } from '../report/schema.ts'
import type { Requirement } from '../requirement/requirement.ts'
import { countResults } from './count-results.ts'
import { guestSuites } from './guest-suites.ts'
import type { BootedImage, JudgedImage } from './image-states.ts'
import type { Run } from './verify-run.ts'

/** Runs the guest suites on all booted images side by side and adds their results. */
export async function exerciseImages(run: Run, images: readonly BootedImage[]): Promise<JudgedImage[]> {
  const requirements = requirementsOf(guestSuites(run), run.call.quick)
  const targets = images.flatMap((image, index) =>
    'coordinates' in image ? [{ key: targetKey(index), coordinates: image.coordinates }] : [],
  )
  const results = targets.length > 0 ? await runOn(run, images, targets, requirements) : new Map()
  return images.map((image, index) =>
    withResults(image, 'notBooted' in image ? skipped(requirements, image.notBooted) : results.get(targetKey(index))),
  )
}

function runOn(
  run: Run,
  images: readonly BootedImage[],
  targets: readonly SuiteTarget[],
  requirements: readonly Requirement[],
): Promise<Map<string, SuiteResults>> {
  const { call, progress } = run
  const suites = guestSuites(run)
  const expected = requirements.length * targets.length
  return inTask(
    progress,
    `${suites.join(' and ')} ${suites.length > 1 ? 'suites' : 'suite'}`,
    (task) => {
      let answered = 0
      return runSuites({
        suites,
        targets,
        requirements,
        jobs: call.jobs,
        ...(call.shard && { shard: `${call.shard.index}/${call.shard.count}` }),
        onResult: (key, { status, id, title }) => {
          answered++
          task.awaiting(`results, ${answered}${call.shard ? '' : ` of ${expected}`} are in`)
          progress.note(`${images[indexOf(key)]?.label}: ${status} ${id} ${title}`)
        },
      })
    },
    (byTarget) => countResults([...byTarget.values()].flatMap((target) => target.requirements)),
  )
}

function withResults(image: BootedImage, { requirements, metrics, boots, pulls }: SuiteResults): JudgedImage {
  return {
    ...image,
    requirements: [...image.requirements, ...image.waiverBook.apply(requirements)],
    metrics: [...image.metrics, ...metrics],
    boots,
    pulls,
  }
}

const skipped = (requirements: readonly Requirement[], reason: string): SuiteResults => ({
  requirements: requirements.map(
    ({ id, suite, title, severity }): RequirementResult => ({
      ...{ id, suite, title, severity },
      status: 'skip',
      durationMs: 0,
      findings: [{ message: reason }],
    }),
  ),
  metrics: [],
  boots: [],
  pulls: [],
})

const targetKey = (index: number): string => `image-${index}`
const indexOf = (key: string): number => Number(key.replace('image-', ''))
