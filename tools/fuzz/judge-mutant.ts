import { openImageFile } from '../../harness/image/open-image-file.ts'
import { type InspectedImage, inspectImage } from '../../harness/inspect/inspect-image.ts'
import { billOfMaterials } from '../../harness/inspect/materials/bill-of-materials.ts'
import { spdxJson } from '../../harness/inspect/materials/spdx-document.ts'
import { CallFault } from '../../harness/model/faults.ts'
import type { Profile } from '../../harness/profile/profile.ts'
import { checkImage } from '../../suites/static/check-image.ts'

/** How an image may come out, in the words of exit codes: 2 refused, or 0 or 1 judged. */
export type Outcome = 'refused' | 'judged'

/** Does with an image what `verify --suite static` does. Throws for what it must never do. */
export async function judgeMutant(path: string, profile: Profile): Promise<Outcome> {
  let inspected: InspectedImage | undefined
  try {
    inspected = await inspectImage(await openImageFile(path), profile)
    const broken = (await checkImage(inspected, profile)).find(({ status }) => status === 'error')
    if (broken) throw new Error(`${broken.id}: ${broken.findings[0]?.message}`)
    const { file, squashfs } = inspected
    await spdxJson({ file, dateS: squashfs.superblock.mkfsTimeS, materials: billOfMaterials(inspected) })
    return 'judged'
  } catch (error) {
    if (error instanceof CallFault) return 'refused'
    throw error
  } finally {
    inspected?.close()
  }
}
