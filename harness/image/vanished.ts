import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { CallFault, EnvironmentFault } from '../model/faults.ts'

/**
 * What reading a file that was there a moment ago threw: where the file is gone, that, since a build removes what it deployed
 * before it deploys anew; anything else as it is.
 */
export function unlessVanished(path: string, error: unknown): unknown {
  if (existsSync(path) || !isMissing(error)) return error
  return new EnvironmentFault(
    'E_VANISHED',
    `${path} disappeared while it was being read: a build that is running or has failed removes deployed files. Wait for the build to end, or build again, then run again with ${dirname(path)}.`,
    { cause: error },
  )
}

const isMissing = (error: unknown): boolean => {
  const cause = error instanceof CallFault ? error.cause : error
  return ['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException | undefined)?.code ?? '')
}
