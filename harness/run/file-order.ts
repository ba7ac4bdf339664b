import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { BaseSequencer, type TestSequencerConstructor, type TestSpecification } from 'vitest/node'
import type { ArchitectureName } from '../model/architecture.ts'
import type { Requirement } from '../model/requirement.ts'
import type { AnswerHistory } from './answer-history.ts'

/** A test file on its way into the order. */
export interface RankedFile {
  /** Such as `boot/one-shot`. */
  file: string
  /** One of its requirements failed when it was last asked. */
  failed: boolean
  /** It has requirements of the representative slice; it has blockers. */
  isQuick: boolean
  hasBlockers: boolean
  /** What its requirements took in earlier runs; 0 where nobody knows. */
  expectedMs: number
}

/**
 * The order that says early what is to be said: what failed before, then the representative slice, with blockers before without, then other
 * blockers, each the shortest first; the rest the longest first, so that no worker is left with a long file at the end.
 */
export function byEarlyAnswer(a: RankedFile, b: RankedFile): number {
  const rank = rankOf(a)
  const shorter = a.expectedMs - b.expectedMs
  return rank - rankOf(b) || (rank === lastRank ? -shorter : shorter) || (a.file < b.file ? -1 : 1)
}

const lastRank = 4

function rankOf({ failed, isQuick, hasBlockers }: RankedFile): number {
  if (failed) return 0
  if (isQuick) return hasBlockers ? 1 : 2
  return hasBlockers ? 3 : lastRank
}

/** `boot/one-shot` of `…/suites/boot/one-shot.test.ts`. */
export const fileOf = (modulePath: string): string =>
  join(basename(dirname(modulePath)), basename(modulePath).replace(/\.test\.[jt]s$/, ''))

/** The requirements that a test file names; those that it takes from a table are none of the first to be asked. */
export const namedRequirements = (source: string): string[] =>
  [...source.matchAll(/\brequirement\(\s*['"]([A-Z]+-\d+)['"]/g)].map(([, id]) => id as string)

interface OrderedRun {
  requirements: readonly Requirement[]
  history: AnswerHistory
  /** Of the target of this key. */
  archOf: (key: string) => ArchitectureName
}

/** Vitest's way to be told an order: that of early answers, each file for all targets before the next file. */
export const earlyAnswers = (run: OrderedRun): TestSequencerConstructor =>
  class extends BaseSequencer {
    override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
      const byFile = Map.groupBy(specifications, ({ moduleId }) => moduleId)
      const ranked = [...byFile].map(([path, same]) => ({ same, rank: rankedFile(run, path, same) }))
      return ranked.toSorted((a, b) => byEarlyAnswer(a.rank, b.rank)).flatMap(({ same }) => same)
    }
  }

function rankedFile(
  { requirements, history, archOf }: OrderedRun,
  path: string,
  same: readonly TestSpecification[],
): RankedFile {
  const file = fileOf(path)
  const names = new Set(namedRequirements(readFileSync(path, 'utf8')))
  const named = requirements.filter(({ id }) => names.has(id))
  const ids = new Set(requirements.map(({ id }) => id))
  const before = same.map(({ project }) => history.ofFile(archOf(project.name), file, ids))
  return {
    file,
    failed: before.some(({ failed }) => failed),
    isQuick: named.some(({ quick }) => quick),
    hasBlockers: named.some(({ severity }) => severity === 'blocker'),
    expectedMs: before.reduce((sum, { expectedMs }) => sum + expectedMs, 0),
  }
}
