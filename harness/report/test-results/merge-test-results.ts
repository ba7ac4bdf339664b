import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Value } from '@sinclair/typebox/value'
import { EnvironmentFault } from '../../model/faults.ts'
import { makeReportFolder, notWritten } from '../report-folder.ts'
import { formatFiles } from '../report-formats.ts'
import type { Report } from '../schema.ts'
import { buildOf, buildOfNoImage } from './build-environment.ts'
import { withResultLock } from './result-lock.ts'
import { testResults } from './test-results.ts'
import { type TestResults, testResultsSchema } from './test-results-schema.ts'

/** Of oe-core, OETestResultJSONHelper. */
const lockFile = 'jsontestresult.lock'

/**
 * Adds a report to the test results of a folder, as testimage does: under their lock, keys sorted, one blank a level. What other
 * runs left there stays as it is. Throws EnvironmentFault where the file is none of testimage's, or cannot be written.
 */
export async function mergeTestResults(report: Report, folder: string): Promise<void> {
  const results = testResults(report, report.images.map(buildOf), buildOfNoImage())
  const [mistake] = Value.Errors(testResultsSchema, results)
  if (mistake) throw new Error(`The test results break their schema at ${mistake.path}: ${mistake.message}.`)
  await makeReportFolder(folder)
  const path = join(folder, formatFiles.testresults)
  await withResultLock(join(folder, lockFile), async () => {
    const merged = { ...(await readResults(path)), ...results }
    await writeFile(`${path}.part`, sortedJson(merged))
    await rename(`${path}.part`, path)
  }).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === undefined ? cause : notWritten(path, cause)
  })
}

async function readResults(path: string): Promise<TestResults> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return '{}'
    throw cause
  })
  try {
    const results: unknown = JSON.parse(text)
    if (typeof results === 'object' && results !== null && !Array.isArray(results)) return results as TestResults
  } catch {
    // Said below, with what is no object.
  }
  throw new EnvironmentFault(
    'E_OUTPUT',
    `${path} holds no test results that these could join: remove it, or name another folder.`,
  )
}

/** As Python's `json.dumps(results, sort_keys=True, indent=1)`, but for characters beyond ASCII, which stay. */
export const sortedJson = (value: unknown): string =>
  JSON.stringify(
    value,
    (_, part: unknown) =>
      typeof part === 'object' && part !== null && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
        : part,
    1,
  )
