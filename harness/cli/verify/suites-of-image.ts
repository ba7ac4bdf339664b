import { suitesOf } from '../../../suites/all-requirements.ts'
import { CallFault } from '../../model/faults.ts'
import type { SuiteName } from '../../model/requirement.ts'
import type { JudgedImage } from './image-states.ts'
import type { Run } from './verify-run.ts'

/** What these functions need to know of a run and of an image. */
export interface AskedRun {
  options: Pick<Run['options'], 'suites'>
}
export interface ImageOfEngine {
  label: string
  profile: { contract: Pick<JudgedImage['profile']['contract'], 'engine'> }
}

/** The suites asked for that judge images of this one's engine, and those that do not. */
export function suitesForImage(
  { options }: AskedRun,
  { profile }: ImageOfEngine,
): Record<'judging' | 'others', SuiteName[]> {
  const available = suitesOf(profile.contract.engine)
  return {
    judging: options.suites.filter((suite) => available.includes(suite)),
    others: options.suites.filter((suite) => !available.includes(suite)),
  }
}

/** Throws CallFault for an image that none of the suites asked for judges: nothing would be looked at. */
export function requireSuites(run: AskedRun, images: readonly ImageOfEngine[]): void {
  const unjudged = images.find((image) => suitesForImage(run, image).judging.length === 0)
  if (unjudged === undefined) return
  const { engine } = unjudged.profile.contract
  throw new CallFault(
    `${unjudged.label} is an image of ${engine}, which --suite ${run.options.suites.join(',')} does not judge; ${suitesOf(engine).join(', ')} does.`,
  )
}

/** Whether one of these suites is asked for and judges an image. */
export const isJudgedBy = (run: AskedRun, image: ImageOfEngine, suites: readonly SuiteName[]): boolean =>
  suitesForImage(run, image).judging.some((suite) => suites.includes(suite))

/** Whether something of a guest suite is left to ask of an image. */
export const isLeft = ({ reuse }: Pick<JudgedImage, 'reuse'>, suite: SuiteName): boolean =>
  reuse === undefined || reuse.left.some((requirement) => requirement.suite === suite)

/** Gives a stage the images that one of these suites judges; the others keep their place. */
export async function forSuites<Image extends ImageOfEngine>(
  run: AskedRun,
  images: readonly Image[],
  suites: readonly SuiteName[],
  stage: (images: Image[]) => Promise<Image[]>,
): Promise<Image[]> {
  const wanted = images.filter((image) => isJudgedBy(run, image, suites))
  if (wanted.length === 0) return [...images]
  const staged = await stage(wanted)
  return images.map((image) => staged[wanted.indexOf(image)] ?? image)
}
