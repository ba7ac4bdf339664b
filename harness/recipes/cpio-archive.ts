/** One entry of an initramfs. Owner is always root and the time stamp 0, so that equal contents give equal bytes. */
export type CpioEntry =
  | { path: string; kind: 'directory'; mode: number }
  | { path: string; kind: 'file'; mode: number; contents: Buffer }
  | { path: string; kind: 'link'; target: string }
  | { path: string; kind: 'character-device'; mode: number; major: number; minor: number }

const typeBits = { directory: 0o040000, file: 0o100000, link: 0o120000, 'character-device': 0o020000 } as const

/**
 * Writes the "newc" archive that the kernel unpacks (Documentation/driver-api/early-userspace/buffer-format.rst).
 * Entries are sorted by path, so that directories precede what they hold whatever the caller's order.
 */
export function writeCpio(entries: readonly CpioEntry[]): Buffer {
  const sorted = [...entries].sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)))
  const records = sorted.map((entry, index) => record(entry, index + 1))
  return Buffer.concat([
    ...records,
    record({ path: 'TRAILER!!!', kind: 'file', mode: 0, contents: Buffer.alloc(0) }, 0),
  ])
}

function record(entry: CpioEntry, inode: number): Buffer {
  const contents = contentsOf(entry)
  const name = Buffer.from(`${entry.path}\0`)
  const device = entry.kind === 'character-device' ? entry : { major: 0, minor: 0 }
  const permissions = entry.kind === 'link' ? 0o777 : entry.mode
  const isTrailer = inode === 0
  const fields = [
    inode,
    isTrailer ? 0 : typeBits[entry.kind] | permissions,
    0, // owner
    0, // group
    1, // links
    0, // time stamp
    contents.length,
    0, // major and minor of the file system
    0,
    device.major,
    device.minor,
    name.length,
    0, // checksum, unused in this format
  ]
  const header = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`)
  return Buffer.concat([padded(Buffer.concat([header, name])), padded(contents)])
}

function contentsOf(entry: CpioEntry): Buffer {
  if (entry.kind === 'file') return entry.contents
  return entry.kind === 'link' ? Buffer.from(entry.target) : Buffer.alloc(0)
}

const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)])
