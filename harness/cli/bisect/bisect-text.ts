import type { Change } from '../../bisect/change.ts'
import type { Culprits } from '../../bisect/culprits.ts'
import type { ImagesApart } from '../../bisect/image-difference.ts'
import { printableLine } from '../../model/printable.ts'
import { count } from '../../model/quantities.ts'
import type { AskedRequirement } from './judges.ts'

/** What a bisection found, as it is printed and kept. */
export interface BisectReport {
  good: { file: string; sha256: string }
  bad: { file: string; sha256: string }
  requirements: readonly RequirementCulprits[]
}

interface ReportedCause {
  changes: readonly Pick<Change, 'kind' | 'name' | 'of'>[]
  /** Whether it fails no longer without any one of the changes; false for a cause that was too large to be narrowed down. */
  minimal: boolean
}

interface RequirementCulprits {
  id: string
  title: string
  /** Each makes the requirement fail by itself. */
  causes: readonly ReportedCause[]
  /** Whether BAD without all of them passes. */
  proven: boolean
  /** Packages, and files of none, that differ. */
  changes: number
  /** Images judged, those that were judged for another requirement too included. */
  trials: number
}

export function bisectReport(
  { good, bad }: ImagesApart,
  asked: readonly AskedRequirement[],
  culprits: readonly Culprits[],
): BisectReport {
  const file = ({ path, sha256 }: ImagesApart['good']['file']) => ({ file: path, sha256 })
  const requirements = culprits.map(({ id, causes, isProven, changeCount, trialCount }) => ({
    ...{ id, title: asked.find((requirement) => requirement.id === id)?.title ?? '' },
    causes: causes.map(({ changes, isMinimal }) => ({
      changes: changes.map(({ kind, name, of }) => ({ kind, name, ...(of !== undefined && { of }) })),
      minimal: isMinimal,
    })),
    ...{ proven: isProven, changes: changeCount, trials: trialCount },
  }))
  return { good: file(good.file), bad: file(bad.file), requirements }
}

/** The same for people: what makes each requirement fail, and how that was proven. */
export const bisectText = ({ requirements }: BisectReport, path: string): string =>
  [...requirements.map(requirementText), `All of it: ${printableLine(path)}`, ''].join('\n')

/** Changes shown of a long list; the file has all. */
const shownChanges = 20

function causeLines({ changes, minimal }: ReportedCause): string[] {
  const shown = changes.slice(0, shownChanges)
  const rest = changes.length - shown.length
  return [
    ...shown.map(({ name, of }) => `  ${printableLine(of === undefined ? name : `${name}, of ${of}`)}`),
    ...(rest > 0 ? [`  and ${rest} more`] : []),
    ...(minimal ? [] : ['  Many of these are needed together; it was not narrowed down further.']),
  ]
}

function requirementText({ id, title, causes, proven, changes, trials }: RequirementCulprits): string {
  const each = causes.length === 1 ? 'this' : 'each of these'
  const without = causes.length === 1 ? 'it' : 'them'
  return [
    `${id}  ${title}`,
    ...causes.flatMap((cause, index) => [...(causes.length > 1 ? [`  Cause ${index + 1}`] : []), ...causeLines(cause)]),
    `  GOOD with ${each} fails; BAD without ${without} ${proven ? 'passes' : 'FAILS ALL THE SAME'}.`,
    `  ${count(trials, 'trial')}, ${count(changes, 'change')} of packages and other files.`,
    '',
  ].join('\n')
}
