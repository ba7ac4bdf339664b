import type { ReadAt } from './elf.ts'

const magic = Buffer.from('\xff Go buildinf:', 'latin1')
const headerBytes = 32
const inlineStringsFlag = 2
const maxInfoBytes = 256 * 1024
const maxSections = 256

/** What the Go linker records in a program (Go, package debug/buildinfo). */
export interface GoBuildInfo {
  goVersion: string
  /** Import path of the main package. */
  mainPath: string | undefined
  /** Modules with their versions, the main module first; none in builds outside a module. */
  modules: { path: string; version: string }[]
}

/** Reads the build information of a 64-bit little-endian Go program; undefined for anything else. */
export function readGoBuildInfo(readAt: ReadAt): GoBuildInfo | undefined {
  const section = findSection(readAt, '.go.buildinfo')
  if (section === undefined) return undefined
  const bytes = readAt(section.offset, Math.min(section.sizeBytes, maxInfoBytes))
  if (!bytes.subarray(0, magic.length).equals(magic)) return undefined
  // Since Go 1.18 the strings follow the header; before, pointers lead to them, and no podman that old is met.
  if (((bytes[15] ?? 0) & inlineStringsFlag) === 0) return undefined
  const goVersion = inlineString(bytes, headerBytes)
  const info = inlineString(bytes, goVersion.end)
  return { goVersion: goVersion.text, ...readModuleLines(info.text) }
}

/** A length as a base-128 number, then the bytes. */
function inlineString(bytes: Buffer, start: number): { text: string; end: number } {
  let [length, at] = [0, start]
  for (let shift = 0; shift < 28; shift += 7) {
    const byte = bytes.readUInt8(at++)
    length += (byte & 0x7f) << shift
    if (byte < 0x80) break
  }
  return { text: bytes.toString('utf8', at, at + length), end: at + length }
}

function readModuleLines(text: string): Pick<GoBuildInfo, 'mainPath' | 'modules'> {
  const rows = text.split('\n').map((line) => line.split('\t'))
  const pathRow = rows.find(([kind]) => kind?.endsWith('path'))
  const modules: GoBuildInfo['modules'] = []
  for (const [kind, path = '', version = ''] of rows) {
    if (kind?.endsWith('mod') || kind === 'dep') modules.push({ path, version })
    // The row after a module that go.mod replaces tells what was linked in its place.
    if (kind === '=>' && modules.length > 0) modules[modules.length - 1] = { path, version }
  }
  return { mainPath: pathRow?.[1], modules }
}

/** Finds a section of a 64-bit little-endian ELF file by name. */
export function findSection(readAt: ReadAt, name: string): { offset: number; sizeBytes: number } | undefined {
  const head = readAt(0, 64)
  const count = head.readUInt16LE(60)
  const headersStart = Number(head.readBigUInt64LE(40))
  if (headersStart === 0 || count === 0 || count > maxSections) return undefined
  const headers = readAt(headersStart, count * 64)
  if (headers.length < count * 64) return undefined
  const place = (index: number) => ({
    offset: Number(headers.readBigUInt64LE(index * 64 + 24)),
    sizeBytes: Number(headers.readBigUInt64LE(index * 64 + 32)),
  })
  const nameTable = place(Math.min(head.readUInt16LE(62), count - 1))
  const names = readAt(nameTable.offset, Math.min(nameTable.sizeBytes, 65_536))
  const index = Array.from({ length: count }, (_, section) => headers.readUInt32LE(section * 64)).findIndex((start) =>
    names.subarray(start, start + name.length + 1).equals(Buffer.from(`${name}\0`)),
  )
  return index < 0 ? undefined : place(index)
}
