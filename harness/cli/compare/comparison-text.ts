import type { Comparison } from '../../measure/compare/comparison.ts'
import type { ContentDifference, FileDifference, PackageDifference } from '../../measure/compare/content-difference.ts'
import { differencesIn } from '../../measure/compare/phase-files.ts'
import type { Change } from '../../measure/gate/changes.ts'
import type { PairedComparison } from '../../measure/paired/paired-comparison.ts'
import { printableLine } from '../../model/printable.ts'
import { count, formatBytes } from '../../model/quantities.ts'

/** Names shown of a long list; --json has all. */
const shownNames = 5

/** The comparison for people: what is slower, every phase, then what differs in the images. */
export function comparisonText({ a, b, content, exact, paired }: Comparison): string {
  const slower = [
    ...(exact ?? []).filter(({ judgement }) => judgement === 'slower').map(({ metric }) => metric),
    ...(paired?.results ?? []).filter(({ verdict }) => verdict === 'slower').map(({ metric }) => metric),
  ]
  return [
    slower.length > 0 ? `B IS SLOWER OR LARGER in ${count(slower.length, 'metric')}` : 'B is no slower',
    `A  ${printableLine(a.path)}  ${formatBytes(a.sizeBytes)}`,
    `B  ${printableLine(b.path)}  ${formatBytes(b.sizeBytes)}`,
    ...(exact ? ['', 'Tier 0, exact', ...exact.map(exactLine)] : []),
    ...(paired
      ? ['', `Tiers 1 and 2, ${count(paired.samples[0]?.a.length ?? 0, 'pair')}`, ...pairedLines(paired)]
      : []),
    '',
    ...contentLines(content),
    ...slower.flatMap((metric) => causeLines(metric, content)),
    '',
  ].join('\n')
}

const words: Record<Change['judgement'], string> = { slower: 'SLOWER', drifted: 'differs', same: '' }

function exactLine({ metric, before, after, percent, judgement }: Change): string {
  const figures = `${grouped(before).padStart(15)} ${grouped(after).padStart(15)}`
  return `  ${metric.padEnd(34)} ${figures} ${signed(percent).padStart(9)} %  ${words[judgement]}`.trimEnd()
}

function pairedLines({ results }: PairedComparison): string[] {
  return results.map(({ metric, percent, lowPercent, highPercent, p, verdict, outlierPairs }) => {
    const interval = `${signed(percent)} % (${signed(lowPercent)} to ${signed(highPercent)})`
    const flags = outlierPairs.length > 0 ? `  outliers: ${count(outlierPairs.length, 'pair')}` : ''
    return `  ${metric.padEnd(34)} ${interval.padEnd(32)} p ${p.toPrecision(2).padEnd(8)} ${verdict}${flags}`.trimEnd()
  })
}

function contentLines({ packages, files }: ContentDifference): string[] {
  return [
    `Packages that differ: ${packages.length === 0 ? 'none' : shortList(packages.map(packageText))}`,
    `Files that differ: ${files.length === 0 ? 'none' : `${files.length}: ${shortList(largestFirst(files).map(fileText))}`}`,
  ]
}

function causeLines(metric: string, { files }: ContentDifference): string[] {
  const there = differencesIn(metric, files)
  const text =
    there.length === 0 ? 'none of the files it is known to use' : shortList(largestFirst(there).map(fileText))
  return [`Differs where ${metric} looks: ${text}`]
}

const largestFirst = (files: readonly FileDifference[]): FileDifference[] =>
  files.toSorted((one, other) => Math.abs(other.sizeBytes) - Math.abs(one.sizeBytes))

const fileText = ({ path, change, sizeBytes }: FileDifference): string =>
  `${printableLine(path)} ${change}${sizeBytes === 0 ? '' : ` (${sizeBytes > 0 ? '+' : '-'}${formatBytes(Math.abs(sizeBytes))})`}`

const packageText = ({ name, a, b }: PackageDifference): string =>
  printableLine(`${name} ${a ?? 'new'} → ${b ?? 'removed'}`)

function shortList(texts: readonly string[]): string {
  const rest = texts.length - shownNames
  return `${texts.slice(0, shownNames).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}

const grouped = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 0 })
const signed = (percent: number): string => `${percent > 0 ? '+' : ''}${percent.toFixed(2)}`
