import { type ExportFormat, exportFormats } from '../../measure/history/export-formats.ts'
import { type ArchitectureName, architectureNames } from '../../model/architecture.ts'
import { CallFault } from '../../model/faults.ts'
import { callFolder } from '../../platform/call-folder.ts'
import { optionsText } from '../help.ts'
import { absolute, readWord } from '../option-values.ts'
import { type GivenOptions, type Option, readOptions } from '../read-options.ts'

/** What a command line of history.mjs asks for; paths are absolute. */
export type HistoryCall =
  | { action: 'help' }
  | { action: 'site'; folder: string }
  | { action: 'show'; file: string; json: boolean }
  | { action: 'import'; file: string; from: string[]; arch?: ArchitectureName }
  | { action: 'export'; file: string; format: ExportFormat }

const group = 'Options'

const options: readonly Option[] = [
  { name: 'import', value: 'FILE', group, text: 'append the measurements of another file', repeatable: true },
  { name: 'arch', value: 'NAME', group, text: 'of the imported file, where it does not say' },
  { name: 'export', value: 'FORMAT', group, text: exportFormats.join(', ') },
  { name: 'json', group, text: 'the trend of each metric as JSON' },
  { name: 'help', group, text: 'this text' },
]

export const historyHelp = (): string => `Usage: npx zx harness/history.mjs HISTORY [options]
       npx zx harness/history.mjs site DIR

Shows the trend of every metric in a history that verify.mjs --history wrote,
with the points from which its level changed. Imports report.json, and JSON of
hyperfine, Bencher and github-action-benchmark. Exports to stdout: hyperfine has
every run, the other formats have the latest of each architecture.

site makes index.html and badge.svg of the report.json in DIR and in folders
below it: images, releases and architectures with verdicts, and trends.

${optionsText(options)}
Exit codes  0 done · 2 usage error or unreadable input · 3 not written
`

/** Reads the arguments of history.mjs. Throws CallFault, in one sentence, for what it does not take. */
export function parseHistoryCall(args: readonly string[], folder = callFolder()): HistoryCall {
  const given = readOptions(args, options)
  if (given.switches.has('help')) return { action: 'help' }
  if (given.positionals[0] === 'site') return readSiteCall(given, folder)
  const [name, tooMuch] = given.positionals
  if (name === undefined || tooMuch !== undefined)
    throw new CallFault('history.mjs takes one history: history.mjs HISTORY [--import FILE | --export FORMAT].')
  const file = absolute(name, folder)
  const from = given.values.get('import')
  const [arch] = given.values.get('arch') ?? []
  const [format] = given.values.get('export') ?? []
  if (from && format !== undefined) throw new CallFault('--import and --export cannot be combined: give only one.')
  if (arch !== undefined && !from) throw new CallFault('--arch requires --import.')
  if (format !== undefined) return { action: 'export', file, format: readWord('export', format, exportFormats) }
  if (!from) return { action: 'show', file, json: given.switches.has('json') }
  return {
    ...{ action: 'import', file, from: from.map((path) => absolute(path, folder)) },
    ...(arch !== undefined && { arch: readWord('arch', arch, architectureNames) }),
  }
}

/** A history that is called site is still `./site`. */
function readSiteCall({ positionals, values, switches }: GivenOptions, folder: string): HistoryCall {
  const [, path, tooMuch] = positionals
  if (path === undefined || tooMuch !== undefined || values.size > 0 || switches.size > 0)
    throw new CallFault('history.mjs site takes a folder of reports and no option: history.mjs site DIR.')
  return { action: 'site', folder: absolute(path, folder) }
}
