import type { RecordedPrivilege } from './recorded-privileges.ts'
import { UnreadableDatabase } from './unreadable-database.ts'

/** Lists of a header with one value a file, and that of the folders (rpm, include/rpm/rpmtag.h). */
const tags = { modes: 1030, folderIndexes: 1116, names: 1117, folders: 1118, capabilities: 5010 } as const
const indexEntryBytes = 16
const setuid = 0o4000
/** The largest packages have some 100,000 files. */
const maxFiles = 1_000_000

interface Place {
  offset: number
  count: number
}

/** The files of a package that have privileges. Throws UnreadableDatabase for lists that are cut off. */
export function rpmPrivileges(bytes: Buffer): RecordedPrivilege[] {
  const places = placesIn(bytes)
  const [names, folders, modes, folderIndexes] = [tags.names, tags.folders, tags.modes, tags.folderIndexes].map((tag) =>
    places.get(tag),
  )
  if (!names || !folders || !modes || !folderIndexes) return []
  const values = bytes.subarray(8 + bytes.readUInt32BE(0) * indexEntryBytes)
  const capabilities = places.get(tags.capabilities)
  const [nameList, folderList] = [textsAt(values, names), textsAt(values, folders)]
  const capabilityList = capabilities ? textsAt(values, capabilities) : []
  return nameList.flatMap((name, index): RecordedPrivilege[] => {
    const mode = numberAt(values, modes, index, 2)
    const text = capabilityList[index] ?? ''
    if (!(mode & setuid) && text === '') return []
    const folder = folderList[numberAt(values, folderIndexes, index, 4)] ?? '/'
    return [{ path: `${folder}${name}`, isSetuid: (mode & setuid) !== 0, capabilities: text }]
  })
}

/** Absolute paths of a package's files and folders. Throws UnreadableDatabase for lists that are cut off. */
export function rpmFiles(bytes: Buffer): string[] {
  const places = placesIn(bytes)
  const [names, folders, indexes] = [tags.names, tags.folders, tags.folderIndexes].map((tag) => places.get(tag))
  if (!names || !folders || !indexes) return []
  const values = bytes.subarray(8 + bytes.readUInt32BE(0) * indexEntryBytes)
  const folderList = textsAt(values, folders)
  return textsAt(values, names).map((name, index) => `${folderList[numberAt(values, indexes, index, 4)] ?? '/'}${name}`)
}

function placesIn(bytes: Buffer): Map<number, Place> {
  const places = new Map<number, Place>()
  const end = 8 + bytes.readUInt32BE(0) * indexEntryBytes
  for (let entry = 8; entry + indexEntryBytes <= Math.min(end, bytes.length); entry += indexEntryBytes) {
    const count = bytes.readUInt32BE(entry + 12)
    if (count > maxFiles) throw new UnreadableDatabase('a package header lists more than a million files')
    places.set(bytes.readUInt32BE(entry), { offset: bytes.readUInt32BE(entry + 8), count })
  }
  return places
}

function textsAt(values: Buffer, { offset, count }: Place): string[] {
  const texts: string[] = []
  for (let at = offset; texts.length < count; ) {
    const end = values.indexOf(0, at)
    if (end < 0) throw new UnreadableDatabase('a package header ends inside a list of names')
    texts.push(values.toString('utf8', at, end))
    at = end + 1
  }
  return texts
}

function numberAt(values: Buffer, { offset, count }: Place, index: number, sizeBytes: 2 | 4): number {
  const at = offset + index * sizeBytes
  if (index >= count || at + sizeBytes > values.length)
    throw new UnreadableDatabase('a package header ends inside a list of numbers')
  return values.readUIntBE(at, sizeBytes)
}
