import { checkImage } from '../../../suites/static/check-image.ts'
import { readFilesBeside, type UserBootFilesByArch } from '../../image/boot-files/user-boot-files.ts'
import type { OpenedImage } from '../../image/open-image.ts'
import { configurationReport } from '../../inspect/configuration/print.ts'
import { type InspectedImage, inspectImage } from '../../inspect/inspect-image.ts'
import { readShippedKernel } from '../../inspect/kernel/read-shipped-kernel.ts'
import type { KernelOfImage } from '../../inspect/kernel/shipped-kernel.ts'
import { billOfMaterials } from '../../inspect/materials/bill-of-materials.ts'
import type { BillOfMaterials } from '../../inspect/materials/material.ts'
import { spdxJson } from '../../inspect/materials/spdx-document.ts'
import { nearestProfile } from '../../inspect/nearest-profile.ts'
import { featuresNotApplicable } from '../../inspect/not-applicable.ts'
import type { Metric } from '../../model/result.ts'
import { inTask } from '../../platform/terminal/in-task.ts'
import { builtInProfiles } from '../../profile/built-in-profiles.ts'
import { loadProfile, type Profile, type Waiver } from '../../profile/profile.ts'
import { WaiverBook } from '../../profile/waivers.ts'
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

/** What the user named, or what stands in for it until an image has been looked at. */
export interface NamedExpectations {
  profile: Profile
  waivers: readonly Waiver[]
  /** Kernels to look at, for the static suite. */
  bootFiles: UserBootFilesByArch
}

/** Reads what a call names, once for all images: profile, waivers and kernels. Throws CallFault for those that cannot be used. */
export const readNamed = async ({ options, userBootFiles }: Run): Promise<NamedExpectations> => ({
  profile: await loadProfile(options.profile ?? builtInProfiles[0]),
  waivers: options.waivers === undefined ? [] : await waiversOf(options.waivers),
  bootFiles: options.suites.includes('static') ? await userBootFiles() : {},
})

async function waiversOf(path: string): Promise<readonly Waiver[]> {
  const { loadWaivers } = await import('../../profile/waiver-file.ts')
  return loadWaivers(path)
}

/**
 * Inspects an image, runs the static suite, if asked for, and closes it; nothing where its architecture is not wanted.
 */
export async function judgeImage(
  run: Run,
  selected: SelectedImage,
  opened: OpenedImage,
  named: NamedExpectations,
): Promise<JudgedImage[]> {
  const inspected = await inspectImage(selected.image, named.profile, opened)
  const close = run.lifetime.defer(() => inspected.close())
  const judged = run.options.architectures.includes(inspected.arch)
    ? [await judge(run, selected, inspected, named)]
    : []
  await close()
  return judged
}

/** The profile that the user named, or the nearest shipped one. All shipped ones have their init in one place. */
async function expectationsOf(
  options: VerifyRun,
  inspected: InspectedImage,
  { profile: first, waivers }: NamedExpectations,
): Promise<Expectations> {
  if (options.profile !== undefined) return { profile: first, waivers: [...first.waivers, ...waivers] }
  const { name, reason } = nearestProfile(inspected, first.init.path)
  const profile = await loadProfile(name)
  return { profile, profileReason: reason, waivers: [...profile.waivers, ...waivers] }
}

async function judge(
  run: Run,
  selected: SelectedImage,
  inspected: InspectedImage,
  named: NamedExpectations,
): Promise<JudgedImage> {
  const { profile, profileReason, waivers } = await expectationsOf(run.options, inspected, named)
  const waiverBook = new WaiverBook(waivers)
  const check = async () => {
    const kernel = await kernelOf(named.bootFiles, selected, inspected)
    return waiverBook.apply(await checkImage({ ...inspected, kernel }, profile))
  }
  const requirements = run.options.suites.includes('static')
    ? await inTask(run.progress, `${selected.label}: static suite`, check, countResults)
    : []
  const materials = billOfMaterials(inspected)
  return {
    ...{ ...selected, arch: inspected.arch, profile, waiverBook, requirements, metrics: sizeMetrics(selected) },
    ...(profileReason !== undefined && { profileReason }),
    notApplicable: featuresNotApplicable(inspected.init, profile.init.path, profile.contract),
    billOfMaterials: await spdxOf(inspected, materials),
    configuration: shownConfiguration(configurationReport(inspected)),
    packages: shownPackages(materials),
  }
}

/** The kernel that the user named for the image's architecture, or that lies beside it. */
async function kernelOf(
  named: UserBootFilesByArch,
  { bootFiles }: SelectedImage,
  image: InspectedImage,
): Promise<KernelOfImage> {
  return readShippedKernel(named[image.arch] ?? (bootFiles ? await readFilesBeside(bootFiles) : {}), image.files)
}

const spdxOf = (inspected: InspectedImage, materials: BillOfMaterials): Promise<string> =>
  spdxJson({
    file: inspected.file,
    dateS: inspected.squashfs.superblock.mkfsTimeS,
    materials,
  })

const sizeMetrics = ({ image }: SelectedImage): Metric[] => [
  { name: 'image_size_bytes', unit: 'bytes', tier: 0, samples: [image.sizeBytes] },
]
