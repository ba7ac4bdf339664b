import { type ChildProcess, type SpawnOptions, type StdioOptions, spawn } from 'node:child_process'
import { EnvironmentFault } from '../../model/faults.ts'

export interface Child {
  process: ChildProcess
  pid: number
  /** Settles when the process has ended, never rejects. */
  ended: Promise<ChildEnd>
  /** Kills the whole process group and waits for its leader. */
  kill(): Promise<void>
}

export interface ChildEnd {
  exitCode: number | null
  signal: NodeJS.Signals | null
}

export interface ChildOptions extends Pick<SpawnOptions, 'cwd' | 'env'> {
  /** Whether it, and all that it starts, may gain rights by programs that have more (no_new_privs, prctl(2)); no where left out. */
  mayGainRights?: boolean
  /** Whether the tool itself asks the kernel for its end with its parent and gains no rights; no where left out. */
  isKept?: boolean
}

/**
 * Starts a long-lived helper process in a process group of its own. The kernel kills it when this process dies
 * (PR_SET_PDEATHSIG, by way of setpriv or by its own doing), so that even `kill -9` of the run leaves nothing running.
 */
export async function startChild(
  tool: string,
  args: readonly string[],
  stdio: StdioOptions = 'pipe',
  { mayGainRights = false, isKept = false, ...options }: ChildOptions = {},
): Promise<Child> {
  const spawnOptions = { ...options, stdio, detached: true }
  const rights = mayGainRights ? [] : ['--no-new-privs']
  const keeper = isKept ? [] : ['setpriv', ...rights, '--pdeathsig', 'KILL', '--']
  const [program = '', ...programArgs] = [...keeper, tool, ...args]
  const way = isKept ? '' : ' through setpriv (util-linux)'
  const child = spawn(program, programArgs, spawnOptions)
  const ended = new Promise<ChildEnd>((resolve) => {
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }))
    child.once('error', () => resolve({ exitCode: null, signal: null }))
  })
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', (cause) =>
      reject(new EnvironmentFault('E_NO_TOOL', `${tool} could not be started${way}.`, { cause })),
    )
  })
  const pid = child.pid as number
  return {
    process: child,
    pid,
    ended,
    async kill() {
      killGroup(pid)
      await ended
    },
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // The group has already ended.
  }
}
