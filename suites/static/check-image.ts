import { SquashfsDamage } from '../../harness/image/squashfs/damage.ts'
import { printableName } from '../../harness/image/squashfs/file-name.ts'
import type { InspectedImage } from '../../harness/inspect/inspect-image.ts'
import { CallFault } from '../../harness/model/faults.ts'
import { isAskedOf, joinRequirements, type Requirement, rowsOfSuite } from '../../harness/model/requirement.ts'
import type { Finding, RequirementResult } from '../../harness/model/result.ts'
import type { Status } from '../../harness/model/status.ts'
import type { Profile } from '../../harness/profile/profile.ts'
import { catalogue } from './catalogue.ts'
import type { Examination, StaticCheck } from './check.ts'

/** All requirements of the static suite by ID, in the order of the catalogue. */
export const staticRequirements: ReadonlyMap<string, StaticCheck & Requirement> = joinRequirements(
  rowsOfSuite('static', ...catalogue),
)

/** A requirement with more findings than this shows the first ones and counts the rest. */
const maxFindings = 50
/** Paths and values come from the image; a longer message is cut. */
const maxMessageLength = 1000

/**
 * Runs what the catalogue asks of the profile's engine over an image, while the check of all data waits for the decoding. A check that
 * breaks is an `error`, never a pass or a fail.
 */
export const checkImage = (image: InspectedImage, profile: Profile): Promise<RequirementResult[]> =>
  Promise.all(
    [...staticRequirements.values()]
      .filter((check) => isAskedOf(profile.contract.engine, check))
      .map((check) => runCheck(check, image, profile)),
  )

async function runCheck(
  check: StaticCheck & Requirement,
  image: InspectedImage,
  profile: Profile,
): Promise<RequirementResult> {
  const { id, suite, title, severity } = check
  const startMs = performance.now()
  const judging = judge(check, image, profile)
  // The time for which it kept the other checks waiting; what it waits for itself is not its work.
  const durationMs = performance.now() - startMs
  const { status, findings } = await judging
  const shown = bounded(findings).map((finding) => withRemedy(finding, status === 'fail' ? check.remedy : undefined))
  return { id, suite, title, severity, status, durationMs, findings: shown }
}

interface Outcome {
  status: Status
  findings: Finding[]
}

async function judge(check: StaticCheck, image: InspectedImage, profile: Profile): Promise<Outcome> {
  try {
    return outcome(check, await check.examine(image, profile))
  } catch (error) {
    // The image is more than can be looked at, whichever check met that first.
    if (error instanceof CallFault) throw error
    const message = `The check failed with an error: ${(error as Error).message}.`
    // Content that does not decode is the image's fault and FS-002's finding; here it only kept the check from looking.
    if (error instanceof SquashfsDamage)
      return { status: 'skip', findings: [{ message: `Not looked at: ${error.message}.` }] }
    return { status: 'error', findings: [{ message }] }
  }
}

function outcome(check: StaticCheck, examination: Examination): Outcome {
  const { examinedCount, findings, skipReason } = examination
  if (examinedCount === 0) return { status: 'skip', findings: [{ message: skipReason ?? 'Nothing to check.' }] }
  return { status: findings.length === 0 || check.severity === 'info' ? 'pass' : 'fail', findings }
}

function bounded(findings: readonly Finding[]): Finding[] {
  const shown = findings.slice(0, maxFindings).map((finding) => ({
    ...finding,
    message: printableText(finding.message),
    ...(finding.path === undefined ? {} : { path: printableText(finding.path) }),
  }))
  const hiddenCount = findings.length - shown.length
  return hiddenCount > 0 ? [...shown, { message: `${hiddenCount} more of the same kind.` }] : shown
}

/** Escapes control characters line by line, so that no text of an image moves a terminal's cursor. */
const printableText = (text: string): string =>
  (text.length > maxMessageLength ? `${text.slice(0, maxMessageLength)}…` : text)
    .split('\n')
    .map(printableName)
    .join('\\n')

const withRemedy = (finding: Finding, remedy: string | undefined): Finding =>
  remedy === undefined || finding.remedy !== undefined || finding.path === undefined ? finding : { ...finding, remedy }
