import { chooseAccelerator } from '../../guest/prepare/accelerator.ts'
import { findBootFiles } from '../../guest/prepare/boot-files.ts'
import type { BootFiles } from '../../image/image-file.ts'
import type { Accelerator } from '../../machine/machine-shape.ts'
import type { Requirement } from '../../model/requirement.ts'
import { inBuildTask } from '../../platform/terminal/build-step.ts'
import { openResultStore } from '../../run/reuse/open-store.ts'
import { conditionsKey } from '../../run/reuse/result-context.ts'
import { ResultKeys } from '../../run/reuse/result-keys.ts'
import type { ResultStore } from '../../run/reuse/result-store.ts'
import { askedOfImage } from './asked-of-image.ts'
import { guestSuites } from './guest-suites.ts'
import type { JudgedImage } from './image-states.ts'
import { isJudgedBy } from './suites-of-image.ts'
import type { Run } from './verify-run.ts'

/** What earlier runs found of an image's guests, under the conditions of this one. */
export interface EarlierResults {
  /** All that is asked of its guests. */
  asked: readonly Requirement[]
  keys: Pick<ResultKeys, 'of' | 'fileOf'>
  store: Pick<ResultStore, 'look' | 'keep' | 'discard'>
  /** Under which the results were found, and further ones must be found. */
  accelerator: Accelerator
  boot: BootFiles
}

/** Finds what would boot an image and under what, and opens the results of the same. */
export async function openEarlierResults(run: Run, image: JudgedImage): Promise<EarlierResults> {
  const { options, progress } = run
  const userFiles = (await run.userBootFiles())[image.arch]
  const boot = await inBuildTask(progress, (tell) => findBootFiles(image, userFiles, tell))
  const { accelerator } = await chooseAccelerator(options.accelerator, image.arch)
  const { profile, notApplicable } = image
  const conditions = await conditionsKey({
    ...{ imageSha256: image.image.sha256, boot, profile, notApplicable, accelerator },
    registry: [options.registry, options.registryImage ?? ''],
  })
  const suites = guestSuites(run).filter((suite) => isJudgedBy(run, image, [suite]))
  return {
    asked: askedOfImage(run, suites, image),
    keys: new ResultKeys(conditions),
    store: await openResultStore(conditions, options.reuse?.folder),
    accelerator,
    boot,
  }
}
