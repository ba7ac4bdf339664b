import { existsSync } from 'node:fs'
import { minPoints } from '../../measure/history/change-points.ts'
import { historyExporters } from '../../measure/history/export-formats.ts'
import { appendHistory, type HistoryContent, readHistory } from '../../measure/history/history-file.ts'
import { importFile } from '../../measure/history/import-file.ts'
import { seriesOf } from '../../measure/history/series.ts'
import { CallFault } from '../../model/faults.ts'
import { printableLine } from '../../model/printable.ts'
import { count, formatValue } from '../../model/quantities.ts'
import type { History } from '../../report/details-schema.ts'
import { type HistoryCall, historyHelp } from './history-call.ts'

/** Does what the call asks and returns what goes to stdout. Throws CallFault for a history that is not there. */
export async function answerHistoryCall(options: HistoryCall): Promise<string> {
  if (options.action === 'help') return historyHelp()
  if (options.action === 'site') return (await import('./write-site.ts')).writeSite(options.folder)
  if (options.action === 'import') {
    const records = (await Promise.all(options.from.map((path) => importFile(path, options.arch)))).flat()
    await appendHistory(options.file, records)
    return `${count(records.length, 'record')} appended to ${options.file}\n`
  }
  if (!existsSync(options.file))
    throw new CallFault(`${options.file} does not exist: verify.mjs --history FILE begins one.`)
  const content = await readHistory(options.file)
  if (options.action === 'export') return historyExporters[options.format](content.records)
  return options.json ? `${JSON.stringify(courses(content), null, 2)}\n` : courseText(content)
}

/** The course of each metric by architecture, up to the latest record that has it. */
function courses({ records }: HistoryContent): { arch: string; series: History[] }[] {
  const latest = new Map(records.map((record, index) => [record.arch, index]))
  return [...latest].map(([arch, index]) => ({
    arch,
    series: seriesOf(records[index] as (typeof records)[number], records.slice(0, index)),
  }))
}

function courseText(content: HistoryContent): string {
  const lines = courses(content).flatMap(({ arch, series }) => [arch, ...series.map(seriesLine)])
  const damaged = content.damagedLines.length
  return [
    `${count(content.records.length, 'record')}${damaged > 0 ? `, ${count(damaged, 'damaged line')} passed over` : ''}`,
    ...lines,
    '',
  ].join('\n')
}

function seriesLine({ metric, unit, points, changePoints }: History): string {
  const values = points.map(({ value }) => formatValue(value, unit))
  const course = values.length > 1 ? `${values[0]} to ${values.at(-1)}` : values.join('')
  const changed = changePoints.map((index) => points[index]?.run ?? points[index]?.at)
  const changes = points.length < minPoints ? '' : `  changed: ${changed.length === 0 ? 'never' : changed.join(', ')}`
  return printableLine(`  ${metric.padEnd(36)} ${count(points.length, 'point')}, ${course}${changes}`)
}
