import { type Entry, pathOf } from '../../harness/image/squashfs/tree.ts'
import type { InspectedImage } from '../../harness/inspect/inspect-image.ts'
import type { RequirementRow } from '../../harness/model/requirement.ts'
import type { Finding } from '../../harness/model/result.ts'
import type { Profile } from '../../harness/profile/profile.ts'

/** A requirement of the static suite with the function that finds where it is not met. */
export interface StaticCheck extends RequirementRow {
  examine(image: InspectedImage, profile: Profile): Examination | Promise<Examination>
}

/** What a check looked at and what it found. One that looked at nothing has not passed, so it must say why. */
export interface Examination {
  /** Things looked at; 0 makes the check a skip. */
  examinedCount: number
  findings: Finding[]
  /** Why nothing was looked at. */
  skipReason?: string
}

type Found = Finding | Finding[] | undefined

/** Looks at each item; `nothing` says in a sentence what is missing where there is none. */
export function examineEach<T>(items: Iterable<T>, nothing: string, look: (item: T) => Found): Examination {
  const findings: Finding[] = []
  let examinedCount = 0
  for (const item of items) {
    examinedCount++
    const found = look(item)
    if (Array.isArray(found)) for (const one of found) findings.push(one)
    else if (found) findings.push(found)
  }
  return examinedCount === 0 ? skipped(nothing) : { examinedCount, findings }
}

/** One thing was looked at. */
export const examined = (...findings: Finding[]): Examination => ({ examinedCount: 1, findings })

export const skipped = (skipReason: string): Examination => ({ examinedCount: 0, findings: [], skipReason })

export const joinExaminations = (...examinations: Examination[]): Examination => {
  const reasons = examinations.flatMap(({ skipReason }) => skipReason ?? [])
  const examinedCount = examinations.reduce((sum, examination) => sum + examination.examinedCount, 0)
  const findings = examinations.flatMap((examination) => examination.findings)
  return examinedCount === 0 ? skipped(reasons.join(' ')) : { examinedCount, findings }
}

/** A finding about a path or entry of the image. */
export const finding = (at: string | Entry, message: string, remedy?: string): Finding => {
  const path = typeof at === 'string' ? at : pathOf(at)
  return remedy === undefined ? { message, path } : { message, path, remedy }
}
