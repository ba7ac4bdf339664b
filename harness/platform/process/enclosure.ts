import { EnvironmentFault } from '../../model/faults.ts'
import { runTool } from './run-tool.ts'

const probeTimeoutMs = 10_000

/** In a network, process and IPC name space of its own, whose processes all end with the first (unshare(1), pid_namespaces(7)). */
const nameSpaces = ['--net', '--ipc', '--pid', '--fork']
/** The kernel forgets the signal where the user changes, so it is asked for last. */
const withoutGain = ['setpriv', '--no-new-privs', '--pdeathsig', 'KILL', '--']

type Way = (asUser: readonly string[]) => readonly string[]

/** Ways to such name spaces: root's own right, a user name space, which needs none, and where the system grants neither, without. */
const ways: readonly Way[] = [
  (asUser) => ['unshare', ...nameSpaces, '--', ...asUser],
  (asUser) => [...asUser, 'unshare', '--user', '--map-current-user', ...nameSpaces, '--'],
  (asUser) => asUser,
]

const found = new Map<string, Promise<readonly string[]>>()

/**
 * A command line under which a tool that works on what a guest left reaches no network, gains no right, and leaves no process
 * behind when it is killed; where the system grants no name spaces, as in many containers, it only gains no right.
 * @param user numeric id of the user and group to act as; the caller where left out
 */
export async function enclosed(command: readonly string[], user = ''): Promise<string[]> {
  const prefix = found.get(user) ?? firstGranted(user)
  found.set(user, prefix)
  return [...(await prefix), ...command]
}

async function firstGranted(user: string): Promise<readonly string[]> {
  const asUser = user === '' ? [] : ['setpriv', '--reuid', user, '--regid', user, '--clear-groups', '--']
  for (const way of ways) {
    const prefix = [...way(asUser), ...withoutGain]
    const [tool = '', ...args] = [...prefix, 'true']
    if ((await runTool(tool, args, { timeoutMs: probeTimeoutMs })).exitCode === 0) return prefix
  }
  throw new EnvironmentFault(
    `No tool can be started${user && ` as user ${user}`} through setpriv (util-linux): run as root, or as an ordinary user.`,
  )
}
