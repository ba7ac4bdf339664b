import type { ImageReport } from './schema.ts'

/** What the verdict on an image rests on, where suites that were asked for judge none of its engine. */
export function notJudgedText({
  engine,
  notJudgedBy = [],
  requirements,
}: Pick<ImageReport, 'engine' | 'notJudgedBy' | 'requirements'>): string {
  const judging = [...new Set(requirements.map(({ suite }) => suite))]
  return `Judged by ${suites(judging)} alone: ${suites(notJudgedBy)} ${notJudgedBy.length === 1 ? 'is' : 'are'} not available for images of ${engine}.`
}

const suites = (names: readonly string[]): string =>
  `the ${names.length === 1 ? 'suite' : 'suites'} ${names.join(' and ')}`
