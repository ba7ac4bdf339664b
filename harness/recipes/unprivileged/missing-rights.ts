import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { toolPath } from '../../platform/setup/search-path.mjs'

/** Who works without root, and where this system says what such a user may. */
export interface Unprivileged {
  user: string
  /** As in PATH. */
  path: string
  /** Folder that stands for `/`. */
  root?: string
}

/** One thing that mmdebstrap's mode `unshare` needs: the sentence for where it is missing. */
type Right = (who: Required<Unprivileged>) => string | undefined

const read = (root: string, path: string): string => {
  try {
    return readFileSync(join(root, path), 'utf8')
  } catch {
    return ''
  }
}

const rights: readonly Right[] = [
  ({ path, root }) =>
    path.split(':').some((folder) => existsSync(join(root, folder, 'newuidmap')))
      ? undefined
      : 'newuidmap is missing: install the package uidmap.',
  ({ user, root }) => {
    const without = ['/etc/subuid', '/etc/subgid'].filter(
      (file) =>
        !read(root, file)
          .split('\n')
          .some((line) => line.startsWith(`${user}:`)),
    )
    return without.length === 0
      ? undefined
      : `${without.join(' and ')} give ${user} no ids: as root, usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${user}.`
  },
  // Debian's own switch, and that of AppArmor in Ubuntu 24.04.
  ({ root }) =>
    read(root, '/proc/sys/kernel/unprivileged_userns_clone').trim() === '0'
      ? 'User name spaces are turned off: as root, sysctl kernel.unprivileged_userns_clone=1.'
      : undefined,
  ({ root }) =>
    read(root, '/proc/sys/kernel/apparmor_restrict_unprivileged_userns').trim() === '1'
      ? 'AppArmor restricts user name spaces: as root, sysctl kernel.apparmor_restrict_unprivileged_userns=0.'
      : undefined,
  ({ root }) =>
    read(root, '/proc/sys/user/max_user_namespaces').trim() === '0'
      ? 'No user name space is allowed: as root, sysctl user.max_user_namespaces=10000.'
      : undefined,
]

/** What a user lacks to unpack packages without root (user_namespaces(7), newuidmap(1)), a sentence with the remedy each. */
export const missingRights = ({ user, path, root = '/' }: Unprivileged): string[] =>
  rights.flatMap((right) => right({ user, path: toolPath(path), root }) ?? [])
