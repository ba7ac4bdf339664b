import { basename, join } from 'node:path'
import { type Culprits, findCulprits } from '../../bisect/culprits.ts'
import { Hybrids } from '../../bisect/hybrids.ts'
import { ImageDifference } from '../../bisect/image-difference.ts'
import { TrialStore, writeWhole } from '../../bisect/trial-store.ts'
import { Trials, type TrialTools } from '../../bisect/trials.ts'
import { openImageFile } from '../../image/open-image-file.ts'
import { readable } from '../../image/readable.ts'
import { type InspectedImage, inspectImage } from '../../inspect/inspect-image.ts'
import { nearestProfile } from '../../inspect/nearest-profile.ts'
import { CallFault } from '../../model/faults.ts'
import type { Lifetime } from '../../platform/process/lifetime.ts'
import { openRunFolder } from '../../platform/process/run-folder.ts'
import { inTask } from '../../platform/terminal/in-task.ts'
import { openProgress } from '../../platform/terminal/progress.ts'
import { builtInProfiles } from '../../profile/built-in-profiles.ts'
import { loadProfile, type Profile } from '../../profile/profile.ts'
import { makeReportFolder } from '../../report/report-folder.ts'
import { askedRequirements } from './asked-requirements.ts'
import { type BisectRun, bisectOut } from './bisect-call.ts'
import { type BisectReport, bisectReport, bisectText } from './bisect-text.ts'
import { type AskedRequirement, type JudgeContext, judgeOf, kernelOfTrials } from './judges.ts'
import { verdictKey } from './verdict-key.ts'

/** Guests may answer by chance; the static suite does not. */
const defaultRepeats = { static: 1, boot: 2, podman: 2, xen: 2 } as const

/** Finds and prints what makes requirements fail. Returns 1 where BAD fails without it all the same, else 0. */
export async function bisectImages(options: BisectRun, lifetime: Lifetime): Promise<number> {
  const { report, path } = await findChanges(options, lifetime)
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : bisectText(report, path))
  return report.requirements.every(({ proven }) => proven) ? 0 : 1
}

/** Finds what makes requirements fail, keeps it in the folder of the call's trials, and returns it with its path. */
export async function findChanges(
  options: BisectRun,
  lifetime: Lifetime,
): Promise<{ report: BisectReport; path: string }> {
  const startedMs = performance.now()
  const named = await loadProfile(options.profile ?? builtInProfiles[0])
  const good = await open(options.good, named, lifetime)
  const bad = await open(options.bad, named, lifetime)
  requirePair(good, bad)
  const profile = options.profile === undefined ? await loadProfile(nearestProfile(good, named.init.path).name) : named
  const progress = openProgress({})
  lifetime.defer(() => progress.close())
  const context: JudgeContext = {
    ...{ options, lifetime, progress, profile, images: { good, bad } },
    kernel: await kernelOfTrials(options, good),
    folder: await openRunFolder(lifetime),
  }
  const asked = await askedRequirements(context)
  const out = options.out ?? bisectOut(good.file.sha256, bad.file.sha256)
  await makeReportFolder(out)
  const report = bisectReport(context.images, asked, await search(context, asked, out, startedMs))
  progress.close()
  const path = join(out, 'bisect.json')
  writeWhole(path, report)
  return { report, path }
}

async function open(path: string, profile: Profile, lifetime: Lifetime): Promise<InspectedImage> {
  const inspected = await inspectImage(await openImageFile(path), profile)
  lifetime.defer(() => inspected.close())
  return inspected
}

function requirePair(good: InspectedImage, bad: InspectedImage): void {
  if (good.file.sha256 === bad.file.sha256)
    throw new CallFault(`${good.file.path} and ${bad.file.path} are the same image: there is nothing to bisect.`)
  if (good.arch !== bad.arch)
    throw new CallFault(
      `These images cannot be mixed: arch is ${good.arch} in ${good.file.path} and ${bad.arch} in ${bad.file.path}.`,
    )
}

/** What is searched, and what belongs to the search of every requirement. */
interface Search {
  context: JudgeContext
  difference: ImageDifference
  tools: Pick<TrialTools, 'mix' | 'store' | 'bounds'>
}

async function search(
  context: JudgeContext,
  asked: readonly AskedRequirement[],
  out: string,
  startedMs: number,
): Promise<Culprits[]> {
  const { options, images, progress, folder } = context
  const difference = await inTask(
    progress,
    'differences',
    async () => readable(images.bad.file, () => new ImageDifference(images)),
    ({ paths }) => `${paths.size} paths`,
  )
  const hybrids = readable(images.bad.file, () => new Hybrids(difference, join(folder, 'mixture.squashfs')))
  const store = new TrialStore(out, await verdictKey(context), options.isFresh)
  const bounds = { maxTrials: options.maxTrials, deadlineMs: startedMs + options.maxMinutes * 60_000 }
  const tools = { mix: hybrids.with.bind(hybrids), store, bounds }
  const found: Culprits[] = []
  for (const requirement of asked)
    found.push(...(await orWarning(context, asked, () => searchFor({ context, difference, tools }, requirement))))
  return found
}

/** Where nobody named the requirements, one that cannot be bisected stops none of several others. */
async function orWarning(
  { options, progress }: JudgeContext,
  asked: readonly AskedRequirement[],
  work: () => Promise<Culprits>,
): Promise<Culprits[]> {
  try {
    return [await work()]
  } catch (error) {
    if (!(error instanceof CallFault) || options.requirements.length > 0 || asked.length === 1) throw error
    progress.warn(error.message)
    return []
  }
}

async function searchFor({ context, difference, tools }: Search, requirement: AskedRequirement): Promise<Culprits> {
  const { options, images, progress } = context
  const { id, suite } = requirement
  const judge = await judgeOf(context, requirement)
  return inTask(
    progress,
    `${basename(images.bad.file.path)}: ${id}`,
    (task) => {
      let made = 0
      const onTrial = (partCount: number) => task.doing(`trial ${++made}: GOOD with ${partCount} parts of BAD`)
      const trials = new Trials({ ...tools, ...judge, onTrial })
      return findCulprits(id, difference, trials, options.repeats ?? defaultRepeats[suite])
    },
    ({ trialCount, changeCount }) => `${trialCount} trials for ${changeCount} changes`,
  )
}
