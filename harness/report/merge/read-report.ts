import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Value } from '@sinclair/typebox/value'
import { CallFault, EnvironmentFault } from '../../model/faults.ts'
import { type Report, reportSchema } from '../schema.ts'

/** A report of two images takes 300 kB; one of this size is none of ours. */
const maxReportBytes = 256 * 1024 * 1024

/**
 * Reads the report of a folder. Throws EnvironmentFault where there is none, as its job did not come to write it, and
 * CallFault for a file that is no report.
 */
export function readReport(folder: string): Report {
  const path = join(folder, 'report.json')
  const status = statSync(path, { throwIfNoEntry: false })
  if (!status)
    throw new EnvironmentFault(
      'E_MISSING_REPORT',
      `${folder} holds no report.json: the job that should write it did not end.`,
    )
  if (status.size > maxReportBytes) throw new CallFault(`${path} is not a report: it is too large.`)
  const report = parsed(path)
  const mistake = Value.Errors(reportSchema, report).First()
  if (mistake)
    throw new CallFault(`${path} is not a report of this version: ${mistake.path || '/'}: ${mistake.message}.`)
  return report as Report
}

function parsed(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new CallFault(`${path} is not JSON: ${(cause as Error).message}.`, { cause })
  }
}
