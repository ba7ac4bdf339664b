import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Value } from '@sinclair/typebox/value'
import { CallFault, EnvironmentFault } from '../../model/faults.ts'
import { boundedJson } from '../../platform/bounded-file.ts'
import { type Report, reportSchema } from '../schema.ts'

/** A report of two images takes 300 kB; one of this size is none of ours. */
const maxReportBytes = 256 * 1024 * 1024

/**
 * Reads the report of a folder. Throws EnvironmentFault where there is none, as its job did not come to write it, and
 * CallFault for a file that is no report.
 */
export function readReport(folder: string): Report {
  const path = join(folder, 'report.json')
  if (!existsSync(path))
    throw new EnvironmentFault(
      'E_MISSING_REPORT',
      `${folder} holds no report.json: the job that should write it did not end.`,
    )
  const report = boundedJson(path, 'report', maxReportBytes)
  const mistake = Value.Errors(reportSchema, report).First()
  if (mistake)
    throw new CallFault(`${path} is not a report of this version: ${mistake.path || '/'}: ${mistake.message}.`)
  return report as Report
}
