import type { Inode } from '../../../harness/image/squashfs/inode.ts'
import { type Entry, pathOf } from '../../../harness/image/squashfs/tree.ts'
import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import type { Finding } from '../../../harness/model/result.ts'
import { matchesPath } from '../../../harness/profile/path-pattern.ts'
import type { Profile } from '../../../harness/profile/profile.ts'
import { type Examination, examineEach, finding, joinExaminations, type StaticCheck } from '../check.ts'

const setuid = 0o4000
const setgid = 0o2000
const sticky = 0o1000
const othersWrite = 0o002

/** Privileges that a regular file has: bits of its mode and file capabilities. */
function privilegesOf({ inode }: Entry, { squashfs }: InspectedImage): string[] {
  if (inode.kind !== 'file') return []
  const names = inode.xattrIndex === undefined ? [] : squashfs.xattrs.names(inode.xattrIndex)
  return [
    ...(inode.permissions & setuid ? ['setuid'] : []),
    // Without group execution the bit means mandatory locking, not a privilege (stat(2), S_ISGID).
    ...(inode.permissions & setgid && inode.permissions & 0o010 ? ['setgid'] : []),
    ...(names.includes('security.capability') ? ['file capabilities'] : []),
  ]
}

const examinePrivileges = (image: InspectedImage, { privileges }: Profile): Examination =>
  examineEach(image.files.entries, 'The image is empty.', (entry) => {
    const held = privilegesOf(entry, image)
    if (held.length === 0 || privileges.paths.some((pattern) => matchesPath(pattern, pathOf(entry)))) return undefined
    return finding(entry, `It has ${held.join(' and ')}, and the profile does not list it.`)
  })

function writableFinding(entry: Entry): Finding | undefined {
  const { kind, permissions } = entry.inode
  if ((permissions & othersWrite) === 0) return undefined
  if (kind === 'file') return finding(entry, 'Anyone may write to the file.')
  if (kind === 'folder' && (permissions & sticky) === 0)
    return finding(entry, "Anyone may delete others' files there: it is world-writable and not sticky.")
  return undefined
}

const historyName = /^\.(bash|ash|sh|zsh|python|mysql|psql|lua)_?history$/
const keyFolders = ['/etc', '/root', '/home', '/var', '/usr/local', '/opt', '/srv']
const maxKeyFileBytes = 64 * 1024
const privateKeyHeader = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/

/** Small text files where administrators and daemons keep their own data; libraries hold the header as a constant. */
const mayHoldKey = (entry: Entry): boolean =>
  entry.inode.kind === 'file' &&
  entry.inode.sizeBytes > 100 &&
  entry.inode.sizeBytes <= maxKeyFileBytes &&
  keyFolders.some((folder) => pathOf(entry).startsWith(`${folder}/`))

function examineSecrets(image: InspectedImage): Examination {
  const harmless = new Set<Inode>()
  return examineEach(image.files.entries, 'The image is empty.', (entry) => {
    if (entry.inode.kind === 'file' && historyName.test(entry.name) && entry.inode.sizeBytes > 0)
      return finding(entry, 'It is the history of a shell.')
    if (harmless.has(entry.inode) || !mayHoldKey(entry)) return undefined
    const text = image.files.read(entry, 0, maxKeyFileBytes).toString('latin1')
    if (privateKeyHeader.test(text)) return finding(entry, 'It holds a private key.')
    harmless.add(entry.inode)
    return undefined
  })
}

/** Files that name the machine; a builder's own name there came from the build. */
const machineFiles = ['/etc/hostname', '/etc/mailname', '/etc/machine-id']

function machineNameFinding({ files }: InspectedImage, path: string): Finding | undefined {
  const text = files.text(path)?.trim()
  if (path === '/etc/machine-id')
    return text && /^[0-9a-f]{32}$/.test(text) ? finding(path, 'All guests would have the same machine id.') : undefined
  return text && /^[0-9a-f]{12}$|^(ip-\d|build|runner|buildkit)/.test(text)
    ? finding(path, `It names the build machine: ${text}.`)
    : undefined
}

const examineLeftovers = (image: InspectedImage): Examination =>
  joinExaminations(
    examineEach(image.files.entries, 'The image is empty.', writableFinding),
    examineSecrets(image),
    examineEach(machineFiles, 'Nothing.', (path) => machineNameFinding(image, path)),
  )

export const securityChecks: readonly StaticCheck[] = [
  {
    id: 'SEC-001',
    title: 'Only listed files have setuid, setgid or file capabilities',
    severity: 'error',
    why: 'Each such file is a way from any user to root, and a base image grows them unnoticed.',
    source: 'The profile (privileges.paths); capabilities(7)',
    remedy: 'Take the bits away (chmod u-s,g-s; setcap -r), or list the path in the profile.',
    examine: examinePrivileges,
  },
  {
    id: 'SEC-002',
    title: 'No world-writable files, private keys, histories or names of the build machine',
    severity: 'error',
    why: 'What was left behind by the build is shipped to everyone who runs the image, the same key to all.',
    source: 'Yocto insane.bbclass; CIS benchmark for Linux, world-writable files',
    remedy: 'Remove the file when the image is made, or correct its mode (folders 1777).',
    examine: examineLeftovers,
  },
]
