import { runTool } from '../platform/process/run-tool.ts'

const probeTimeoutMs = 10_000

/** What QEMU has of root's rights, and as whom. */
export interface QemuUser {
  /** Whether it is a user that nothing else runs as. */
  isOwn: boolean
  /** The start of a command line that becomes this user. */
  command: readonly string[]
  /** In words for a report. */
  words: string
}

/**
 * What a QEMU of root's keeps of root's rights (capabilities(7)): those that a share takes whose files have the owners and modes
 * which guests give them. Without the others it mounts nothing, makes no device, and gets at no other process.
 */
const keptRights = ['chown', 'dac_override', 'fowner', 'fsetid'].map((right) => `+${right}`).join()

/** Users that no system gives to anybody (systemd, docs/UIDS-GIDS.md, "1879048192…2147483647"): 64 for each process. */
const firstUnusedUser = 0x7000_0000
const usersPerProcess = 64
const nobody = 65_534

/** The kernel forgets this signal where the user changes; setpriv asks for it after that. */
const endsWithParent = ['--pdeathsig', 'KILL', '--']

const becoming = (user: number): readonly string[] => [
  ...['setpriv', '--reuid', String(user), '--regid', String(user), '--clear-groups'],
  ...['bounding-set', 'inh-caps', 'ambient-caps'].map((set) => `--${set}=-all,${keptRights}`),
  ...endsWithParent,
]

/** Where neither user can be had, as in a container that has not the right, QEMU stays root with these rights alone. */
const asRoot: QemuUser = {
  isOwn: false,
  command: ['setpriv', `--bounding-set=-all,${keptRights}`, '--'],
  words: 'root, of whose rights it has those that shares take',
}

const ordinary: QemuUser = { isOwn: false, command: [], words: 'the ordinary user who called' }

let count = 0
const ownUser = (): number => firstUnusedUser + (process.pid % 2 ** 22) * usersPerProcess + (count++ % usersPerProcess)

type Way = () => QemuUser

const ways: readonly Way[] = [
  () => ({ isOwn: true, command: becoming(ownUser()), words: 'a user of its own with the rights that shares take' }),
  () => ({ isOwn: false, command: becoming(nobody), words: 'nobody, with the rights that shares take' }),
]

let chosen: Promise<Way> | undefined

/** As whom the next QEMU runs: as nobody else does where root starts it, else as who started it. */
export async function qemuUser(): Promise<QemuUser> {
  if (process.getuid?.() !== 0) return ordinary
  chosen ??= firstGranted()
  return (await chosen)()
}

async function firstGranted(): Promise<Way> {
  for (const way of ways) {
    const [tool = '', ...args] = [...way().command, 'true']
    if ((await runTool(tool, args, { timeoutMs: probeTimeoutMs })).exitCode === 0) return way
  }
  return () => asRoot
}
