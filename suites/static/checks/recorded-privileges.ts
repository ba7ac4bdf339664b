import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import {
  alpinePrivileges,
  overridePrivileges,
  type RecordedPrivilege,
} from '../../../harness/inspect/packages/recorded-privileges.ts'
import type { Finding } from '../../../harness/model/result.ts'
import { matchesPath } from '../../../harness/profile/path-pattern.ts'
import type { Profile } from '../../../harness/profile/profile.ts'
import { type Examination, examineEach, finding, type StaticCheck, skipped } from '../check.ts'

const overrides = '/var/lib/dpkg/statoverride'
const setuid = 0o4000
const capabilityName = 'security.capability'

function recordedIn({ files, packageDatabase }: InspectedImage): RecordedPrivilege[] {
  const ofPackages = packageDatabase?.packages.flatMap(({ privileges = [] }) => privileges) ?? []
  const ofAlpine = packageDatabase?.kind === 'apk' ? alpinePrivileges(files.text(packageDatabase.path) ?? '') : []
  return [...ofPackages, ...ofAlpine, ...overridePrivileges(files.text(overrides) ?? '')]
}

/** A file that the profile does not list must have no privileges (SEC-001), whatever its package wants. */
const isWanted = (path: string, { privileges }: Profile): boolean =>
  privileges.paths.some((pattern) => matchesPath(pattern, path))

function lossFinding({ files, squashfs }: InspectedImage, recorded: RecordedPrivilege): Finding | undefined {
  const { path, isSetuid, capabilities } = recorded
  const entry = files.findFile(path)
  // A file that was left out, or replaced by a link to another program, is not the package's any more.
  if (entry === undefined || files.resolve(path, { followLast: false }).entry?.inode.kind === 'symlink')
    return undefined
  const { permissions, xattrIndex } = entry.inode
  const names = xattrIndex === undefined ? [] : squashfs.xattrs.names(xattrIndex)
  // Either way leads to what the program needs (podman issue 7106).
  if ((permissions & setuid) !== 0 || names.includes(capabilityName)) return undefined
  return finding(path, `Its package gives it ${isSetuid ? 'setuid' : capabilities}, which the file has lost.`)
}

function examineRecorded(image: InspectedImage, profile: Profile): Examination {
  const recorded = recordedIn(image).filter(({ path }) => isWanted(path, profile))
  if (recorded.length === 0)
    return skipped('No package of the image records privileges of a file that the profile lists.')
  return examineEach(recorded, 'Nothing.', (each) => lossFinding(image, each))
}

export const recordedPrivilegeChecks: readonly StaticCheck[] = [
  {
    id: 'SEC-004',
    title: 'Files have kept the privileges that their packages record',
    severity: 'warning',
    why: 'Copies and archives lose capabilities: newuidmap then fails with "write to uid_map failed: Operation not permitted".',
    source: 'podman issue 7106; capabilities(7), "File capabilities"; tar(1), --xattrs',
    remedy:
      'Keep extended attributes when the image is made (tar --xattrs, cp -a, pseudo), or set them again with setcap.',
    examine: examineRecorded,
  },
]
