import { mkdir, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CallFault, EnvironmentFault } from '../faults.ts'
import type { Lifetime } from '../process/lifetime.ts'
import { systemErrorText } from '../process/system-error.ts'
import { everyRun, type KnownRequirements, onDemand } from './exporters/exporters.ts'
import { formatFiles, type ReportFormat } from './report-formats.ts'
import type { Report } from './schema.ts'

/**
 * Makes the folder that `--out` names before any work is done; a run that ends without a report takes it away again. A
 * folder that cannot be is the caller's fault; a disk that refuses is the environment's.
 */
export async function openReportFolder(folder: string, lifetime: Lifetime): Promise<void> {
  const made = await makeFolder(folder)
  if (made) lifetime.defer(() => rmdir(folder).catch(unlessEmpty))
}

async function makeFolder(folder: string): Promise<boolean> {
  try {
    return (await mkdir(folder, { recursive: true })) !== undefined
  } catch (error) {
    const cause = error as NodeJS.ErrnoException
    if (cause.code === 'EEXIST' || cause.code === 'ENOTDIR')
      throw new CallFault(`--out ${folder} is not a folder, nor can it become one.`, { cause })
    throw notWritten(folder, cause)
  }
}

function unlessEmpty(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTEMPTY' && error.code !== 'ENOENT') throw error
}

/** A file that belongs to a run's reports and has its content already. */
export interface Artifact {
  file: string
  content: string
}

/** What goes into a run's folder beside what every run writes. */
export interface FurtherFiles {
  formats?: readonly ReportFormat[]
  artifacts?: readonly Artifact[]
}

/** Writes all reports and artifacts of a run into a folder. Each appears by rename, whole or not at all. */
export async function writeReports(
  report: Report,
  folder: string,
  known: KnownRequirements,
  { formats = [], artifacts = [] }: FurtherFiles = {},
): Promise<void> {
  const exporters = [...everyRun, ...formats.map((format) => ({ file: formatFiles[format], write: onDemand[format] }))]
  const files = [...exporters.map(({ file, write }) => ({ file, content: write(report, known) })), ...artifacts]
  await makeFolder(folder)
  await Promise.all(files.map(({ file, content }) => writeWhole(join(folder, file), content)))
}

async function writeWhole(path: string, content: string): Promise<void> {
  const growing = `${path}.${process.pid}.part`
  try {
    await writeFile(growing, content)
    await rename(growing, path)
  } catch (cause) {
    await rm(growing, { force: true })
    throw notWritten(path, cause as NodeJS.ErrnoException)
  }
}

const notWritten = (path: string, cause: NodeJS.ErrnoException): EnvironmentFault =>
  new EnvironmentFault(`The report was not written. ${systemErrorText(cause) ?? `${path}: ${cause.message}.`}`, {
    cause,
  })
