import { CallFault } from '../faults.ts'
import { checkImage } from '../inspect/check-image.ts'
import { configurationReport } from '../inspect/configuration/print.ts'
import { type InspectedImage, inspectImage } from '../inspect/inspect-image.ts'
import { billOfMaterials } from '../inspect/materials/bill-of-materials.ts'
import type { BillOfMaterials } from '../inspect/materials/material.ts'
import { spdxJson } from '../inspect/materials/spdx-document.ts'
import { loadProfile } from '../profile/profile.ts'
import { loadWaivers, WaiverBook } from '../profile/waivers.ts'
import { inTask } from '../report/in-task.ts'
import type { Metric } from '../report/schema.ts'
import { countResults } from './count-results.ts'
import type { JudgedImage, SelectedImage } from './image-states.ts'
import { shownConfiguration, shownPackages } from './shown-details.ts'
import type { Run } from './verify-run.ts'

/** Looks into each image and runs the static suite, if asked for. Throws CallFault when no image is of a wanted architecture. */
export async function inspectImages(run: Run, images: readonly SelectedImage[]): Promise<JudgedImage[]> {
  const { call, lifetime, progress } = run
  const profile = await loadProfile(call.profile)
  const waivers = [...profile.waivers, ...(call.waivers === undefined ? [] : await loadWaivers(call.waivers))]
  const judged: JudgedImage[] = []
  for (const selected of images) {
    const inspected = await inspectImage(selected.image, profile)
    const close = lifetime.defer(() => inspected.close())
    if (call.architectures.includes(inspected.arch)) {
      const waiverBook = new WaiverBook(waivers)
      const check = async () => waiverBook.apply(await checkImage(inspected, profile))
      const requirements = call.suites.includes('static')
        ? await inTask(progress, `${selected.label}: static suite`, check, countResults)
        : []
      const { arch } = inspected
      const metrics = sizeMetrics(selected)
      const materials = billOfMaterials(inspected)
      judged.push({
        ...{ ...selected, arch, profile, waiverBook, requirements, metrics },
        billOfMaterials: spdxOf(inspected, materials),
        configuration: shownConfiguration(configurationReport(inspected)),
        packages: shownPackages(materials),
      })
    }
    await close()
  }
  if (judged.length === 0)
    throw new CallFault(`None of the images is of the architecture asked for (--arch ${call.architectures.join(',')}).`)
  return judged
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
