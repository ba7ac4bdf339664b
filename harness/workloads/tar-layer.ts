import type { Header } from 'tar-stream'
import type { TarEntry } from './workload.ts'

/** All files of all workloads carry this time, so that the same recipe gives the same digest on any day. */
const entryTime = new Date('2026-01-01T00:00:00Z')

/** Archives entries in the given order, as PAX where a header field is too small. */
export async function tarLayer(entries: readonly TarEntry[]): Promise<Buffer> {
  // Loaded when a layer is packed: the tables of workloads are read by runs that pack none.
  const { pack } = await import('tar-stream')
  const archive = pack()
  for (const entry of entries) {
    if (entry.type === 'file') archive.entry(header(entry), Buffer.from(entry.content))
    else archive.entry(header(entry))
  }
  archive.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of archive) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

const tarTypes = {
  file: 'file',
  directory: 'directory',
  symlink: 'symlink',
  hardlink: 'link',
  fifo: 'fifo',
} as const

function header(entry: TarEntry): Pick<Header, 'name'> & Partial<Header> {
  return {
    name: entry.path,
    type: tarTypes[entry.type],
    mode: entry.mode ?? (entry.type === 'directory' ? 0o755 : 0o644),
    uid: entry.uid ?? 0,
    gid: entry.gid ?? 0,
    mtime: entryTime,
    ...('target' in entry ? { linkname: entry.target } : {}),
    ...paxRecords(entry),
  }
}

/** The largest number that tar-stream writes into its field of six octal digits; it cuts larger ones without a word. */
const largestFieldId = 0o777777

/** Records for what the header's fields cannot hold (pax(1), "pax Extended Header"). */
function paxRecords({ uid = 0, gid = 0, xattrs = {} }: TarEntry): Pick<Header, 'pax'> | Record<string, never> {
  const pax = {
    ...(uid > largestFieldId ? { uid: String(uid) } : {}),
    ...(gid > largestFieldId ? { gid: String(gid) } : {}),
    ...attributeRecords(xattrs),
  }
  return Object.keys(pax).length > 0 ? { pax } : {}
}

/** Extended attributes as star(1) and containers/storage write them (archive/archive.go, `paxSchilyXattr`). */
const attributeRecords = (xattrs: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(xattrs).map(([name, value]) => [`SCHILY.xattr.${name}`, value]))

/** The same entries, each behind the directories it lies in. */
export function withParents(entries: readonly TarEntry[]): TarEntry[] {
  const known = new Set(entries.filter(({ type }) => type === 'directory').map(({ path }) => path))
  return entries.flatMap((entry) => {
    const missing = parentsOf(entry.path).filter((path) => !known.has(path))
    for (const path of missing) known.add(path)
    return [...missing.map((path): TarEntry => ({ type: 'directory', path })), entry]
  })
}

function parentsOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_part, index) => parts.slice(0, index + 1).join('/'))
}
