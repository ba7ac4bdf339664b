import { openImageFile } from '../../harness/image/open-image-file.ts'
import { inspectImage } from '../../harness/inspect/inspect-image.ts'
import { loadProfile, type Profile } from '../../harness/profile/profile.ts'
import type { RequirementResult } from '../../harness/report/schema.ts'
import { checkImage } from '../../suites/static/check-image.ts'

/** Runs the static suite over the squashfs at a path, by the functions that `verify` uses. */
export const judgeImage = async (path: string, profileName: string): Promise<RequirementResult[]> =>
  judgeByProfile(path, await loadProfile(profileName))

/** The same by a profile that was loaded, and may have been changed. */
export async function judgeByProfile(path: string, profile: Profile): Promise<RequirementResult[]> {
  const inspected = await inspectImage(await openImageFile(path), profile)
  try {
    return await checkImage(inspected, profile)
  } finally {
    inspected.close()
  }
}

/** Every finding that is not information, as `ID path: message`, whatever its severity. */
export const objections = (results: readonly RequirementResult[]): string[] =>
  results
    .filter(({ status }) => status === 'fail' || status === 'error')
    .flatMap(({ id, findings }) => findings.map(({ path, message }) => `${id} ${path}: ${message}`))
