import { CallFault } from '../model/faults.ts'
import { type ReportFormat, reportFormats } from '../report/report-formats.ts'
import { defaultOut } from './default-out.ts'
import { absolute, readList, readNumber } from './option-values.ts'
import { type Option, readOptions } from './read-options.ts'
import type { VerifyCall } from './verify-call.ts'

const group = 'Options'

/** The options of `verify.mjs merge`, for its reader and the help text. */
export const mergeOptions = [
  { name: 'expect', value: 'N', group, text: 'fail unless there are N reports' },
  { name: 'out', value: 'DIR', group, text: 'folder of the merged reports (default: reports/out/…)' },
  { name: 'format', value: 'LIST', group, text: 'further reports: sarif, markdown, … or all', repeatable: true },
  { name: 'json', group, text: 'report.json on stdout, nothing else there' },
  { name: 'verbose', group, text: 'details of internal errors' },
  { name: 'help', group, text: 'this text' },
] as const satisfies readonly Option[]

/** More reports than any matrix of jobs makes: GitHub's has 256 jobs at most, an array of Slurm's 1001 by default. */
const maxReports = 4096

/** Reads what follows the word `merge`. Throws CallFault with one sentence for a wrong call. */
export function parseMergeCall(args: readonly string[], folder: string): VerifyCall {
  const { positionals, values, switches } = readOptions(args, mergeOptions)
  if (switches.has('help')) return { action: 'merge-help' }
  if (positionals.length === 0) throw new CallFault('merge needs the folders of reports: verify.mjs merge DIR...')
  const expect = values.get('expect')?.[0]
  return {
    action: 'merge',
    folders: positionals.map((path) => absolute(path, folder)),
    ...(expect !== undefined && { expect: readNumber('expect', expect, 1, maxReports) }),
    out: absolute(values.get('out')?.[0] ?? defaultOut(), folder),
    json: switches.has('json'),
    formats: readFormats(values),
  }
}

/** Reads `--format`: names of further reports, or `all`. */
export function readFormats(values: ReadonlyMap<string, readonly string[]>): ReportFormat[] {
  const words = readList('format', values.get('format') ?? [], [...reportFormats, 'all'] as const)
  return words.includes('all') ? [...reportFormats] : words.filter((word) => word !== 'all')
}
