import { readFileSync } from 'node:fs'

/** A setting of the kernel by which a system keeps user name spaces from ordinary users, and how it is taken back. */
interface Setting {
  path: string
  forbids: string
  words: string
}

const settings: readonly Setting[] = [
  {
    // Ubuntu since 23.10 (Ubuntu Server documentation, "AppArmor", "Unprivileged user namespace restrictions").
    path: '/proc/sys/kernel/apparmor_restrict_unprivileged_userns',
    forbids: '1',
    words: 'AppArmor keeps user name spaces from it: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0',
  },
  {
    // Debian before 11, and whoever hardens a newer one.
    path: '/proc/sys/kernel/unprivileged_userns_clone',
    forbids: '0',
    words: 'the kernel keeps user name spaces from it: sudo sysctl kernel.unprivileged_userns_clone=1',
  },
  {
    path: '/proc/sys/user/max_user_namespaces',
    forbids: '0',
    words: 'no user name space is allowed: sudo sysctl user.max_user_namespaces=10000',
  },
]

/** What root lacks in a container, by the default of its engine. */
const ofContainers = 'a container needs the right SYS_ADMIN or user name spaces for it'

/** Why bubblewrap was refused, by its own word and by what this system forbids. */
export function viewRefusal(said: string, isRoot = process.getuid?.() === 0, read = readSetting): string {
  const [reason = ''] = said.trim().split('\n')
  const found = settings.find(({ path, forbids }) => !isRoot && read(path) === forbids)?.words
  const cause = found ?? (isRoot ? ofContainers : undefined)
  return `bubblewrap is refused (${reason || 'without a reason'}${cause === undefined ? '' : `; ${cause}`})`
}

function readSetting(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    // This kernel has no such setting.
    return undefined
  }
}
