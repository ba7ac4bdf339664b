import { checkImage } from '../../suites/static/check-image.ts'
import type { UserBootFiles } from '../image/boot-files/user-boot-files.ts'
import { openImageFile } from '../image/open-image-file.ts'
import { inspectImage } from '../inspect/inspect-image.ts'
import { readShippedKernel } from '../inspect/kernel/read-shipped-kernel.ts'
import { CallFault } from '../model/faults.ts'
import type { RequirementResult } from '../model/result.ts'
import type { Profile } from '../profile/profile.ts'
import type { Failures } from './trial-store.ts'

/** Judges an image by the static suite, with this kernel beside it. */
export async function judgeStatically(
  imagePath: string,
  profile: Profile,
  kernel: UserBootFiles,
): Promise<RequirementResult[]> {
  const inspected = await inspectImage(await openImageFile(imagePath), profile)
  try {
    return await checkImage({ ...inspected, kernel: await readShippedKernel(kernel, inspected.files) }, profile)
  } finally {
    inspected.close()
  }
}

/** What fails statically on a mixture; nothing on one that cannot be inspected at all. */
export async function staticFailures(imagePath: string, profile: Profile, kernel: UserBootFiles): Promise<Failures> {
  try {
    return failuresAmong(await judgeStatically(imagePath, profile, kernel))
  } catch (error) {
    if (error instanceof CallFault) return {}
    throw error
  }
}

/** Findings are marked by place and text without numbers, so that an image that fails for another reason is known. */
const failuresAmong = (results: readonly RequirementResult[]): Failures =>
  Object.fromEntries(
    results
      .filter(({ status }) => status === 'fail')
      .map(({ id, findings }) => [
        id,
        findings.map(({ path = '', message }) => `${path} ${message.replaceAll(/\d+/g, '#')}`),
      ]),
  )
