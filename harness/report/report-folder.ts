import { mkdir, rmdir } from 'node:fs/promises'
import { CallFault, EnvironmentFault } from '../model/faults.ts'
import type { Lifetime } from '../platform/process/lifetime.ts'
import { systemErrorText } from '../platform/process/system-error.ts'

/**
 * Makes the folder that `--out` names before any work is done; a run that ends without a report takes it away again. A
 * folder that cannot be is the caller's fault; a disk that refuses is the environment’s.
 */
export async function openReportFolder(folder: string, lifetime: Lifetime): Promise<void> {
  const made = await makeReportFolder(folder)
  if (made) lifetime.defer(() => rmdir(folder).catch(unlessEmpty))
}

/** Makes the folder where it is missing, and tells whether it did. */
export async function makeReportFolder(folder: string): Promise<boolean> {
  try {
    return (await mkdir(folder, { recursive: true })) !== undefined
  } catch (error) {
    const cause = error as NodeJS.ErrnoException
    if (cause.code === 'EEXIST' || cause.code === 'ENOTDIR')
      throw new CallFault(`--out ${folder} is not a folder and cannot become one.`, { cause })
    throw notWritten(folder, cause)
  }
}

function unlessEmpty(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTEMPTY' && error.code !== 'ENOENT') throw error
}

/** The disk refused a report or its folder. */
export const notWritten = (path: string, cause: NodeJS.ErrnoException): EnvironmentFault =>
  new EnvironmentFault(
    'E_OUTPUT',
    `The report was not written. ${systemErrorText(cause) ?? `${path}: ${cause.message}.`}`,
    {
      cause,
    },
  )
