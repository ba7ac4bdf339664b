import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ImagesApart } from '../../bisect/image-difference.ts'
import { staticFailures } from '../../bisect/static-judge.ts'
import type { TrialTools } from '../../bisect/trials.ts'
import { readFilesBeside, readUserBootFiles, type UserBootFiles } from '../../image/boot-files/user-boot-files.ts'
import { bootFilesBeside } from '../../image/boot-files-beside.ts'
import type { InspectedImage } from '../../inspect/inspect-image.ts'
import { featuresNotApplicable } from '../../inspect/not-applicable.ts'
import type { Requirement } from '../../model/requirement.ts'
import type { Lifetime } from '../../platform/process/lifetime.ts'
import { inBuildTask } from '../../platform/terminal/build-step.ts'
import type { Progress } from '../../platform/terminal/progress.ts'
import type { Profile } from '../../profile/profile.ts'
import type { GuestQuestion } from '../../run/ask-guests.ts'
import { admitQemu } from '../admit-qemu.ts'
import { type BisectRun, namedBootFiles } from './bisect-call.ts'

/** A requirement that a bisection can be about. */
export interface AskedRequirement extends Pick<Requirement, 'id' | 'title'> {
  suite: 'static' | GuestQuestion['suite']
}

/** What a bisection judges with. */
export interface JudgeContext {
  options: BisectRun
  images: ImagesApart
  profile: Profile
  /** The kernel and initramfs of every trial; what is missing comes from the boot kit. */
  kernel: UserBootFiles
  /** This run's temporary folder. */
  folder: string
  lifetime: Lifetime
  progress: Progress
}

type NamedJudge = Pick<TrialTools, 'judge' | 'judgeName'>

/** Judges all static requirements at once, so that their trials are shared; of a guest suite the one requirement alone. */
export async function judgeOf(context: JudgeContext, { id, suite }: AskedRequirement): Promise<NamedJudge> {
  if (suite !== 'static') return { judgeName: id, judge: await guestJudge(context, id, suite) }
  return { judgeName: suite, judge: (path) => staticFailures(path, context.profile, context.kernel) }
}

/** The kernel that the options name, or that lies beside GOOD. */
export async function kernelOfTrials(options: BisectRun, good: InspectedImage): Promise<UserBootFiles> {
  const named = (await readUserBootFiles(namedBootFiles(options, good.arch)))[good.arch]
  const beside = named ? undefined : bootFilesBeside(good.file.path)
  return named ?? (beside ? await readFilesBeside(beside) : {})
}

async function guestJudge(
  context: JudgeContext,
  id: string,
  suite: GuestQuestion['suite'],
): Promise<NamedJudge['judge']> {
  const { options, images, profile, kernel, folder, lifetime, progress } = context
  const { arch, init } = images.good
  await admitQemu(options.sandbox, [arch], (sentence) => progress.warn(sentence))
  const [{ guestFailures }, { findBootFiles }] = await Promise.all([
    import('../../bisect/guest-judge.ts'),
    import('../../guest/prepare/boot-files.ts'),
  ])
  const boot = await inBuildTask(progress, async (tell) => findBootFiles({ arch }, kernel, tell))
  const runFolder = join(folder, id)
  await mkdir(runFolder)
  return (imagePath) =>
    guestFailures(imagePath, {
      ...{ suite, asked: [id], contract: profile.contract, accelerator: options.accelerator },
      notApplicable: featuresNotApplicable(init, profile.init.path, profile.contract),
      source: { arch, boot, runFolder, lifetime },
    })
}
