import type { Requirement } from '../../../harness/model/requirement.ts'

/** The rows of one area of the podman suite. */
export const area = (rows: readonly Omit<Requirement, 'suite'>[]): readonly Requirement[] =>
  rows.map((row) => ({ ...row, suite: 'podman' }))
