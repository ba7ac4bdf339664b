import { spawn } from 'node:child_process'
import { EnvironmentFault } from '../../model/faults.ts'

const waitSeconds = 60
/** As of flock(1) with `--conflict-exit-code`. */
const conflict = 75

/**
 * Holds a lock on a file as bb.utils.lockfile of bitbake does, and removes the file before letting go, as it does. Another may
 * have removed it meanwhile: then what is held is no longer the file of that name, and the next is tried.
 */
const holdScript = `
while :; do
  exec 9>>"$1" && flock -x -w ${waitSeconds} 9 || exit ${conflict}
  [ "$1" -ef /proc/self/fd/9 ] && break
done
echo held
read -r released
rm -f "$1"`

/** Does something while nobody else holds the lock. Throws EnvironmentFault where it is not had within a minute. */
export async function withResultLock<T>(path: string, act: () => Promise<T>): Promise<T> {
  const holder = spawn('sh', ['-c', holdScript, 'sh', path], { stdio: ['pipe', 'pipe', 'ignore'] })
  const ended = new Promise<void>((resolve) => holder.once('close', () => resolve()))
  const held = new Promise<boolean>((resolve) => {
    holder.stdout.once('data', () => resolve(true))
    holder.once('error', () => resolve(false))
    holder.once('close', () => resolve(false))
  })
  if (!(await held))
    throw new EnvironmentFault(
      'E_OUTPUT',
      `The lock ${path} was not had within ${waitSeconds} s: does another run hold it, or may it not be written?`,
    )
  try {
    return await act()
  } finally {
    holder.stdin.end()
    await ended
  }
}
