import { allRequirements } from '../../../suites/all-requirements.ts'
import { staticRequirements } from '../../../suites/static/check-image.ts'
import { judgeStatically } from '../../bisect/static-judge.ts'
import { CallFault } from '../../model/faults.ts'
import { isAskedOf, type Requirement } from '../../model/requirement.ts'
import type { RequirementResult } from '../../model/result.ts'
import { inTask } from '../../platform/terminal/in-task.ts'
import { nearest } from '../nearest.ts'
import type { AskedRequirement, JudgeContext } from './judges.ts'

/**
 * The requirements that the call names, or all static ones that fail on BAD alone. Throws CallFault for those that cannot be asked, and
 * where the images do not differ in one.
 */
export async function askedRequirements(context: JudgeContext): Promise<readonly AskedRequirement[]> {
  const named = context.options.requirements.map((id) => bisectable(id, context))
  if (named.length > 0 && named.every(({ suite }) => suite !== 'static')) return named
  const { good, bad } = await judgeBoth(context)
  for (const { id } of named.filter(({ suite }) => suite === 'static')) requireDifference(id, good, bad)
  if (named.length > 0) return named
  const apart = bad.filter(
    (result) => result.status === 'fail' && statusIn(good, result.id) !== 'fail' && isOfFiles(result),
  )
  if (apart.length === 0)
    throw new CallFault(
      'No static requirement fails on BAD alone: name the one to bisect by --requirement ID, which may be of a guest suite.',
    )
  return apart.map(({ id, title }) => ({ id, title, suite: 'static' }))
}

/** SIZ-001 is about the size of the image, and a mixture has the data of both. */
const ofWholeImage = ['SIZ-001']

const isOfFiles = ({ id, suite }: Pick<Requirement, 'id' | 'suite'>): boolean =>
  suite !== 'performance' && !ofWholeImage.includes(id) && (suite !== 'static' || staticRequirements.has(id))

function bisectable(id: string, { profile, images }: JudgeContext): AskedRequirement {
  const requirement = allRequirements.get(id)
  if (requirement === undefined) {
    const suggestion = nearest(id, [...allRequirements.keys()])
    throw new CallFault(
      `There is no requirement ${id}${suggestion ? `; did you mean ${suggestion}?` : '; list prints all.'}`,
    )
  }
  const { suite, title } = requirement
  if (!isAskedOf(profile.contract.engine, requirement))
    throw new CallFault(
      `${id} is not asked of images of ${profile.contract.engine}, as ${images.good.file.path} is one.`,
    )
  if (suite === 'performance' || !isOfFiles(requirement))
    throw new CallFault(`${id} cannot be bisected: it is not about the files of an image alone.`)
  return { id, title, suite }
}

type Results = readonly RequirementResult[]

async function judgeBoth({
  images,
  profile,
  kernel,
  progress,
}: JudgeContext): Promise<{ good: Results; bad: Results }> {
  const judge = (side: 'good' | 'bad') =>
    inTask(progress, `static suite of ${side.toUpperCase()}`, () =>
      judgeStatically(images[side].file.path, profile, kernel),
    )
  return { good: await judge('good'), bad: await judge('bad') }
}

function requireDifference(id: string, good: Results, bad: Results): void {
  const [before, after] = [statusIn(good, id), statusIn(bad, id)]
  if (before === 'fail' || after !== 'fail')
    throw new CallFault(`There is nothing to bisect: the verdict of ${id} is ${before} on GOOD and ${after} on BAD.`)
}

const statusIn = (results: Results, id: string) => results.find((result) => result.id === id)?.status
