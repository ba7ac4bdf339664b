import { type RawInode, type RawName, rawSquashfs } from '../../fixtures/static/raw-squashfs.ts'
import { type TinyEntry, tinyTree } from '../../fixtures/static/tiny-tree.ts'
import { soup } from './mutations.ts'
import type { Random } from './random.ts'

/** The tiny tree with some files replaced by what their readers do not expect. */
export function spoiltContents(random: Random): Buffer {
  const tree = tinyTree()
  for (const path of extraPaths) tree.set(path, { type: 'file', content: '' })
  const paths = [...tree].filter(([, { type }]) => type === 'file').map(([path]) => path)
  for (let left = 1 + random.below(3); left > 0; left--) {
    const path = random.pick(paths)
    const entry = tree.get(path)
    if (entry?.type === 'file') tree.set(path, { ...entry, content: spoilt(Buffer.from(entry.content), random) })
  }
  return rawSquashfs(inodesOf([...tree]))
}

/** Files that are read where an image has them. */
const extraPaths = [
  '/etc/ld.so.cache',
  '/etc/os-release',
  '/var/lib/opkg/status',
  '/lib/apk/db/installed',
  '/var/lib/rpm/rpmdb.sqlite',
  '/var/lib/rpm/rpmdb.sqlite-wal',
  '/etc/containers/containers.conf.d/1.conf',
  '/etc/containers/registries.conf.d/1.conf',
  '/usr/share/containers/seccomp.json',
  '/etc/hostname',
  '/etc/fstab',
  '/etc/group',
]

const maxSoupLength = 1024 * 1024

function spoilt(content: Buffer, random: Random): Buffer {
  const at = random.below(content.length + 1)
  const piece = Buffer.from(soup(random, random.size(maxSoupLength)))
  const rest = random.pick([at, at + random.size(64), content.length])
  return Buffer.concat([content.subarray(0, at), piece, content.subarray(rest)])
}

/** Inodes of a tree by paths, the root first. */
function inodesOf(tree: readonly (readonly [string, TinyEntry])[]): RawInode[] {
  const names: RawName[] = []
  const inodes: RawInode[] = [{ type: 'folder', names }]
  const folders = new Map([['', names]])
  const add = (path: string, inode: RawInode) => {
    const slash = path.lastIndexOf('/')
    const parent = folders.get(path.slice(0, slash)) ?? addFolder(path.slice(0, slash))
    parent.push({ name: path.slice(slash + 1), inode: inodes.push(inode) - 1 })
  }
  const addFolder = (path: string): RawName[] => {
    const own: RawName[] = folders.get(path) ?? []
    if (!folders.has(path)) add(path, { type: 'folder', names: own })
    folders.set(path, own)
    return own
  }
  for (const [path, entry] of tree) {
    if (entry.type === 'folder') addFolder(path)
    else if (entry.type === 'link') add(path, { type: 'link', target: entry.target })
    else if (entry.type === 'file') add(path, { type: 'file', content: Buffer.from(entry.content) })
  }
  return inodes
}

const names = [
  'a',
  'b',
  '..',
  '.',
  'x/y',
  '\0',
  '\n',
  '\u001b[2J',
  'init',
  'etc',
  'usr',
  'lib',
  'd'.repeat(255),
  '%s',
  '-rf',
  'x.so',
  '\u202e',
  '\\',
]
const targets = [
  '',
  '/',
  '.',
  '..',
  'a',
  'b',
  '/a/b',
  'a/../b',
  '../../../../../etc/passwd',
  '/proc/self/mem',
  '/dev/zero',
  'a/'.repeat(2000),
  '\n',
]

/** A handful of inodes that name one another as no tool would let them. */
export function tangle(random: Random): Buffer {
  const count = 2 + random.size(60)
  const program = tinyTree().get('/usr/bin/skopeo')
  const elf: RawInode = {
    type: 'file',
    content: program?.type === 'file' ? Buffer.from(program.content) : Buffer.alloc(0),
  }
  const namesOf = (length: number): RawName[] =>
    Array.from({ length }, () => ({
      name: random.below(3) === 0 ? `${random.word()}` : random.pick(names),
      inode: random.below(count + 2),
    }))
  const root: RawInode = { type: 'folder', names: [{ name: 'elf', inode: 1 }, ...namesOf(random.size(20))] }
  const kinds: readonly (() => RawInode)[] = [
    () => ({ type: 'folder', names: namesOf(random.size(6)) }),
    () => ({ type: 'same-folder', of: random.below(count) }),
    () => ({ type: 'file', sizeBytes: random.pick([0, 1, 2 ** 31, 2 ** 40, 2 ** 52]), number: random.below(count) }),
    () => ({ type: 'file', content: Buffer.from(soup(random, random.size(4096))) }),
    () => ({ type: 'link', target: random.pick(targets) }),
    () => ({ type: 'character-device' }),
  ]
  const inodes = [root, elf, ...Array.from({ length: count }, () => random.pick(kinds)())]
  return rawSquashfs(inodes, { isDeflated: false })
}
