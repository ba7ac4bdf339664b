import type { SuiteCoordinates } from '../../guest/prepare/coordinates.ts'
import type { EngineName } from '../../model/engine.ts'
import type { Requirement, SuiteName } from '../../model/requirement.ts'
import { inTask } from '../../platform/terminal/in-task.ts'
import { runSuites, type SuiteResults, type SuiteTarget } from '../../run/run-suites.ts'
import { askedOfImage } from './asked-of-image.ts'
import { countResults } from './count-results.ts'
import { guestSuites } from './guest-suites.ts'
import type { BootedImage, JudgedImage } from './image-states.ts'
import { notRunResult } from './not-run-result.ts'
import { SoFar } from './so-far.ts'
import { isJudgedBy, isLeft } from './suites-of-image.ts'
import { TimeLeft } from './time-left.ts'
import type { Run } from './verify-run.ts'

/** Runs the guest suites on all booted images, those of one engine with the same suites side by side, and adds their results. */
export async function exerciseImages(run: Run, images: readonly BootedImage[]): Promise<JudgedImage[]> {
  const results = new Map<string, SuiteResults>()
  for (const group of targetsBySuites(run, images)) {
    const { reason } = run.failFast
    const exercised = reason === undefined ? await runOn(run, images, group) : notRun(group, reason)
    for (const [key, result] of exercised) results.set(key, result)
  }
  return images.map((image, index) => {
    const left = leftOut(run, image)
    const exercised = results.get(targetKey(index)) ?? skipped([], '')
    return withResults(image, { ...exercised, requirements: [...exercised.requirements, ...left.requirements] })
  })
}

/** Images of one engine that the same suites are run on. */
interface Targets {
  suites: readonly SuiteName[]
  requirements: readonly Requirement[]
  targets: readonly SuiteTarget[]
}

function targetsBySuites(run: Run, images: readonly BootedImage[]): readonly Targets[] {
  const targets = images.flatMap((image, index) =>
    'coordinates' in image ? [{ image, target: targetOf(image, image.coordinates, index) }] : [],
  )
  const groups = Map.groupBy(targets, ({ image }) => [engineOf(image), ...suitesOn(run, image)].join())
  return [...groups.values()].flatMap((group): Targets[] => {
    const [{ image }] = group as [(typeof group)[0]]
    const suites = suitesOn(run, image)
    return suites.length > 0
      ? [{ suites, requirements: askedOfImage(run, suites, image), targets: group.map(({ target }) => target) }]
      : []
  })
}

const targetOf = ({ reuse }: BootedImage, coordinates: SuiteCoordinates, index: number): SuiteTarget => ({
  key: targetKey(index),
  coordinates,
  ...(reuse && { files: [...new Set(reuse.left.map(({ file }) => file))] }),
})

const engineOf = ({ profile }: BootedImage): EngineName => profile.contract.engine

/** The guest suites that judge an image and have all that they need. */
const suitesOn = (run: Run, image: BootedImage): SuiteName[] =>
  guestSuites(run).filter(
    (suite) => isJudgedBy(run, image, [suite]) && isLeft(image, suite) && !('notRun' in image && suite in image.notRun),
  )

const notRun = ({ targets, requirements }: Targets, reason: string): Map<string, SuiteResults> =>
  new Map(targets.map(({ key }) => [key, skipped(requirements, reason)]))

/** What is not run on an image, with the reason. */
function leftOut(run: Run, image: BootedImage): SuiteResults {
  if ('notBooted' in image) return skipped(askedOfImage(run, suitesOn(run, image), image), image.notBooted)
  const each = Object.entries(image.notRun).map(([suite, reason]) =>
    skipped(askedOfImage(run, [suite as SuiteName], image), reason),
  )
  return { ...skipped([], ''), requirements: each.flatMap(({ requirements }) => requirements) }
}

function runOn(
  run: Run,
  images: readonly BootedImage[],
  { suites, requirements, targets }: Targets,
): Promise<Map<string, SuiteResults>> {
  const { options, progress, lifetime } = run
  const asked = targets.flatMap(({ coordinates: { boot, known = [] } }) =>
    requirements.filter(({ id }) => !known.includes(id)).map(({ id }) => ({ arch: boot.arch, id })),
  )
  const timeLeft = new TimeLeft(run.answerHistory, asked, options.jobs)
  return inTask(
    progress,
    `${suites.join(' and ')} ${suites.length > 1 ? 'suites' : 'suite'}`,
    (task) => {
      const soFar = new SoFar(images, options.shard ? undefined : asked.length)
      const tell = () => task.doing([soFar.text, timeLeft.text ?? []].flat().join(', '))
      tell()
      return runSuites({
        suites,
        targets,
        requirements,
        jobs: options.jobs,
        history: run.answerHistory,
        lifetime,
        ...(options.shard && { shard: `${options.shard.index}/${options.shard.count}` }),
        onResult: (key, result) => {
          const image = images[indexOf(key)] as BootedImage
          soFar.add(image, result)
          run.known.add(image, result)
          timeLeft.answered(image.arch, result.id)
          tell()
          progress.note(`${image.label}: ${result.status} ${result.id} ${result.title}`)
          run.failFast.see(image, [result])
          return run.failFast.reason
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
  requirements: requirements.map((requirement) => notRunResult(requirement, reason)),
  metrics: [],
  boots: [],
  pulls: [],
})

const targetKey = (index: number): string => `image-${index}`
const indexOf = (key: string): number => Number(key.replace('image-', ''))
