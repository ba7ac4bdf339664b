import { checkImage } from '../../../suites/static/check-image.ts'
import type { OpenedImage } from '../../image/open-image.ts'
import { configurationReport } from '../../inspect/configuration/print.ts'
import { type InspectedImage, inspectImage } from '../../inspect/inspect-image.ts'
import { billOfMaterials } from '../../inspect/materials/bill-of-materials.ts'
import type { BillOfMaterials } from '../../inspect/materials/material.ts'
import { spdxJson } from '../../inspect/materials/spdx-document.ts'
import { nearestProfile } from '../../inspect/nearest-profile.ts'
import { featuresNotApplicable } from '../../inspect/not-applicable.ts'
import { inTask } from '../../platform/terminal/in-task.ts'
import { builtInProfiles } from '../../profile/built-in-profiles.ts'
import { loadProfile, type Profile, type Waiver } from '../../profile/profile.ts'
import { loadWaivers, WaiverBook } from '../../profile/waivers.ts'
import type { Metric } from '../../report/schema.ts'
import type { VerifyRun } from '../verify-call.ts'
import { countResults } from './count-results.ts'
import type { JudgedImage, SelectedImage } from './image-states.ts'
import { shownConfiguration, shownPackages } from './shown-details.ts'
import type { Run } from './verify-run.ts'

/** What the user expects of an image. */
interface Expectations {
  profile: Profile
  /** Why this profile; missing where the user named it. */
  profileReason?: string
  waivers: readonly Waiver[]
}

/**
 * Inspects an image, runs the static suite, if asked for, and closes it; nothing where its architecture is not wanted.
 * Throws CallFault for a profile or waivers that cannot be used.
 */
export async function judgeImage(run: Run, selected: SelectedImage, opened: OpenedImage): Promise<JudgedImage[]> {
  const { profile: named = builtInProfiles[0], waivers: file } = run.call
  const first = await loadProfile(named)
  const waivers = file === undefined ? [] : await loadWaivers(file)
  const inspected = await inspectImage(selected.image, first, opened)
  const close = run.lifetime.defer(() => inspected.close())
  const judged = run.call.architectures.includes(inspected.arch)
    ? [await judge(run, selected, inspected, await expectationsOf(run.call, inspected, first, waivers))]
    : []
  await close()
  return judged
}

/** The profile that the user named, or the nearest shipped one. All shipped ones have their init in one place. */
async function expectationsOf(
  call: VerifyRun,
  inspected: InspectedImage,
  first: Profile,
  waivers: readonly Waiver[],
): Promise<Expectations> {
  if (call.profile !== undefined) return { profile: first, waivers: [...first.waivers, ...waivers] }
  const { name, reason } = nearestProfile(inspected, first.init.path)
  const profile = await loadProfile(name)
  return { profile, profileReason: reason, waivers: [...profile.waivers, ...waivers] }
}

async function judge(
  run: Run,
  selected: SelectedImage,
  inspected: InspectedImage,
  { profile, profileReason, waivers }: Expectations,
): Promise<JudgedImage> {
  const waiverBook = new WaiverBook(waivers)
  const check = async () => waiverBook.apply(await checkImage(inspected, profile))
  const requirements = run.call.suites.includes('static')
    ? await inTask(run.progress, `${selected.label}: static suite`, check, countResults)
    : []
  const materials = billOfMaterials(inspected)
  return {
    ...{ ...selected, arch: inspected.arch, profile, waiverBook, requirements, metrics: sizeMetrics(selected) },
    ...(profileReason !== undefined && { profileReason }),
    notApplicable: featuresNotApplicable(inspected.init, profile.init.path, profile.contract.era),
    billOfMaterials: spdxOf(inspected, materials),
    configuration: shownConfiguration(configurationReport(inspected)),
    packages: shownPackages(materials),
  }
}

const spdxOf = (inspected: InspectedImage, materials: BillOfMaterials): string =>
  spdxJson({
    file: inspected.file,
    dateS: inspected.squashfs.superblock.mkfsTimeS,
    materials,
  })

const sizeMetrics = ({ image }: SelectedImage): Metric[] => [
  { name: 'image_size_bytes', unit: 'bytes', tier: 0, samples: [image.sizeBytes] },
]
