import type { ReadAt } from './elf.ts'
import { findSection } from './elf-section.ts'

const magic = Buffer.from('\xff Go buildinf:', 'latin1')
const headerBytes = 32
const inlineStringsFlag = 2
const maxInfoBytes = 256 * 1024

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
