import { openImageFile } from '../../harness/image/open-image-file.ts'
import { checkImage } from '../../harness/inspect/check-image.ts'
import { inspectImage } from '../../harness/inspect/inspect-image.ts'
import { loadProfile } from '../../harness/profile/profile.ts'
import type { RequirementResult } from '../../harness/report/schema.ts'

/** Runs the static suite over the squashfs at a path, by the functions that `verify` uses. */
export async function judgeImage(path: string, profileName: string): Promise<RequirementResult[]> {
  const profile = await loadProfile(profileName)
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
