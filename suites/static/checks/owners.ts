import { type Entry, pathOf } from '../../../harness/image/squashfs/tree.ts'
import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import type { Finding } from '../../../harness/model/result.ts'
import { type Examination, examineEach, finding, joinExaminations, type StaticCheck } from '../check.ts'

/** Ids that accounts and groups of the image have. */
const idsIn = ({ files }: InspectedImage, path: string): ReadonlySet<number> =>
  new Set([0, ...(files.text(path) ?? '').split('\n').map((line) => Number(line.split(':')[2] || Number.NaN))])

/** Folders of the system, which only root may change, and those where accounts keep what is theirs. */
const systemFolder = /^\/(?:$|(?:s?bin|lib\d*|etc|usr|opt|boot)(?:\/|$)|[^/]+$)/

interface Owned {
  entry: Entry
  userId: number
  groupId: number
}

const ownersOf = ({ files, squashfs: { ids } }: InspectedImage): Owned[] =>
  files.entries.map((entry) => ({
    entry,
    userId: ids[entry.inode.userIndex] ?? 0,
    groupId: ids[entry.inode.groupIndex] ?? 0,
  }))

/** Files with the same fault are one finding: where one is wrong, mostly all are. */
function grouped(owned: readonly Owned[], idOf: (each: Owned) => number, message: (id: number) => string): Finding[] {
  return [...Map.groupBy(owned, idOf)].map(([id, same]) => {
    const first = (same[0] as Owned).entry
    const others = same.length > 1 ? ` So ${same.length === 2 ? 'does 1 more' : `do ${same.length - 1} more`}.` : ''
    return finding(first, `It ${message(id)}.${others}`)
  })
}

function examineOwners(image: InspectedImage): Examination {
  const owned = ownersOf(image)
  const [users, groups] = [idsIn(image, '/etc/passwd'), idsIn(image, '/etc/group')]
  const strangers = owned.filter(({ userId }) => !users.has(userId))
  const others = owned.filter(
    ({ entry, userId }) => userId !== 0 && users.has(userId) && systemFolder.test(pathOf(entry)),
  )
  // Without /etc/group no group is known, and that is not a matter of owners.
  const strangeGroups =
    groups.size > 1 ? owned.filter(({ userId, groupId }) => users.has(userId) && !groups.has(groupId)) : []
  return {
    examinedCount: owned.length,
    findings: [
      ...grouped(
        strangers,
        ({ userId }) => userId,
        (id) => `belongs to the user id ${id}, which no account has`,
      ),
      ...grouped(
        others,
        ({ userId }) => userId,
        (id) => `belongs to the user id ${id}, not to root`,
      ),
      ...grouped(
        strangeGroups,
        ({ groupId }) => groupId,
        (id) => `belongs to the group id ${id}, which no group has`,
      ),
    ],
  }
}

/** Folders on the way to everything: others must get through, and nobody but root may change them. */
const passedFolders = ['/', '/etc', '/usr', '/usr/bin', '/usr/lib', '/var', '/var/lib']
const [reach, groupAndOthersWrite] = [0o555, 0o022]

const examineWays = ({ files }: InspectedImage): Examination =>
  examineEach(passedFolders, 'Nothing.', (path) => {
    const entry = files.find(path)
    if (entry === undefined) return undefined
    const { permissions } = entry.inode
    const mode = permissions.toString(8).padStart(4, '0')
    if ((permissions & groupAndOthersWrite) !== 0)
      return finding(path, `Its mode ${mode} lets others than root change it.`)
    return (permissions & reach) === reach ? undefined : finding(path, `Its mode ${mode} lets only root through.`)
  })

export const ownerChecks: readonly StaticCheck[] = [
  {
    id: 'SEC-003',
    title: 'Files belong to root, or to accounts that the image has',
    severity: 'error',
    why: 'Whoever gets the id of the build user, as a container may, owns the programs of the image; ssh, sudo and su refuse files that are not root’s.',
    source: 'Linux Standard Base; hier(7); Yocto insane.bbclass, host-user-contaminated',
    remedy: 'Pack the image as root or under pseudo (mksquashfs -all-root, tar --numeric-owner), or add the account.',
    examine: (image) => joinExaminations(examineOwners(image), examineWays(image)),
  },
]
