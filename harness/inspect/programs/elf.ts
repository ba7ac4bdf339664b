import { neededLevel } from '../processor/property-note.ts'

/**
 * A parser for what the checks need of an ELF file: headers, dynamic section, symbol versions (System V ABI, "Object
 * Files" and "Program Loading and Dynamic Linking"; Linux Standard Base, "Symbol Versioning"). Input is untrusted: all reads are bounded.
 */
export interface Elf {
  bits: 32 | 64
  endianness: 'little' | 'big'
  /** `e_machine`. */
  machine: number
  /** `e_type`: 1 relocatable, 2 executable, 3 shared object or position-independent executable. */
  type: number
  interpreter: string | undefined
  /** Undefined for a file without a dynamic section. */
  dynamic: DynamicSection | undefined
  hasExecutableStack: boolean
  hasRelro: boolean
  /** Level of x86-64 that its notes ask for, 1 to 4; undefined where they ask for none. */
  neededLevel: number | undefined
}

export interface DynamicSection {
  needed: string[]
  soname: string | undefined
  rpath: string[]
  runpath: string[]
  hasTextRelocations: boolean
  isPositionIndependentExecutable: boolean
  /** Versions it provides, as `GLIBC_2.34`. */
  providedVersions: string[]
  neededVersions: NeededVersion[]
}

/** A symbol version that must come from a library; a weak one may be missing. */
interface NeededVersion {
  library: string
  version: string
  isWeak: boolean
}

/** Reads up to `lengthBytes` at an offset of the file. */
export type ReadAt = (offset: number, lengthBytes: number) => Buffer

export const readerOf =
  (file: Buffer): ReadAt =>
  (offset, lengthBytes) =>
    file.subarray(offset, offset + lengthBytes)

interface Segment {
  type: number
  flags: number
  offset: number
  address: number
  fileBytes: number
}

const segmentType = {
  load: 1,
  dynamic: 2,
  interpreter: 3,
  gnuStack: 0x6474e551,
  gnuRelro: 0x6474e552,
  gnuProperty: 0x6474e553,
} as const
/** Those of GCC and binutils take 48 bytes. */
const maxNoteBytes = 4096
const maxSegments = 128
const maxDynamicBytes = 64 * 1024
const maxStringTableBytes = 16 * 1024 * 1024
/** Names of libraries, folders and versions in one file; of the C library's own 45 versions are the most that are met. */
const maxNames = 4096
/** A version takes 28 bytes where it is provided, and 16 where it is needed, beside 16 for its library. */
const maxVersionBytes = maxNames * 32
/** Linux has no longer path (PATH_MAX). */
const maxNameBytes = 4096

/** Parses an ELF file of a size in bytes; throws RangeError for one that is cut off or contradicts itself. */
export function parseElf(readAt: ReadAt, sizeBytes: number): Elf {
  const head = readAt(0, 64)
  const bits = head.readUInt8(4) === 2 ? 64 : 32
  const endianness = head.readUInt8(5) === 2 ? 'big' : 'little'
  const elf: Elf = {
    bits,
    endianness,
    machine: endianness === 'big' ? head.readUInt16BE(18) : head.readUInt16LE(18),
    type: endianness === 'big' ? head.readUInt16BE(16) : head.readUInt16LE(16),
    interpreter: undefined,
    dynamic: undefined,
    hasExecutableStack: false,
    hasRelro: false,
    neededLevel: undefined,
  }
  // Both supported architectures are 64-bit little-endian; of any other file only its header matters.
  if (bits === 64 && endianness === 'little') readSegments(elf, head, readAt, sizeBytes)
  return elf
}

/** What must be there for a program or library to be started: the loader that it names, and the libraries that it needs, in order. */
export function linkageOf(file: Buffer): { loader: string | undefined; libraries: readonly string[] } {
  const { interpreter, dynamic } = parseElf(readerOf(file), file.length)
  return { loader: interpreter, libraries: dynamic?.needed ?? [] }
}

function readSegments(elf: Elf, head: Buffer, readAt: ReadAt, sizeBytes: number): void {
  const segments = programHeaders(head, readAt)
  const end = Math.max(...segments.filter(isLoaded).map(({ offset, fileBytes }) => offset + fileBytes))
  if (end > sizeBytes) throw new RangeError(`its segments end at byte ${end}, the file at ${sizeBytes}`)
  const named = (type: number) => segments.find((segment) => segment.type === type)
  const interpreter = named(segmentType.interpreter)
  if (interpreter) elf.interpreter = stringAt(readAt(interpreter.offset, Math.min(interpreter.fileBytes, 4096)), 0)
  elf.hasExecutableStack = ((named(segmentType.gnuStack)?.flags ?? 0) & 1) !== 0
  elf.hasRelro = named(segmentType.gnuRelro) !== undefined
  const property = named(segmentType.gnuProperty)
  if (property) elf.neededLevel = neededLevel(readAt(property.offset, Math.min(property.fileBytes, maxNoteBytes)))
  const dynamic = named(segmentType.dynamic)
  if (dynamic) elf.dynamic = new DynamicReader(readAt, segments).read(dynamic)
}

const isLoaded = ({ type }: Segment): boolean => type === segmentType.load

function programHeaders(head: Buffer, readAt: ReadAt): Segment[] {
  const [start, entryBytes, count] = [readSize(head, 32), head.readUInt16LE(54), head.readUInt16LE(56)]
  if (count === 0) return []
  if (entryBytes < 56 || count > maxSegments) throw new RangeError(`${count} program headers of ${entryBytes} bytes`)
  const table = readAt(start, count * entryBytes)
  return Array.from({ length: count }, (_, index) => {
    const at = index * entryBytes
    return {
      type: table.readUInt32LE(at),
      flags: table.readUInt32LE(at + 4),
      offset: readSize(table, at + 8),
      address: readSize(table, at + 16),
      fileBytes: readSize(table, at + 32),
    }
  })
}

/** Dynamic tags (System V ABI, figure 5-10, and the GNU extensions of the LSB). */
const tag = {
  needed: 1,
  stringTable: 5,
  stringTableBytes: 10,
  soname: 14,
  rpath: 15,
  textRelocations: 22,
  runpath: 29,
  flags: 30,
  flags1: 0x6ffffffb,
  providedVersions: 0x6ffffffc,
  providedVersionCount: 0x6ffffffd,
  neededVersions: 0x6ffffffe,
  neededVersionCount: 0x6fffffff,
} as const
const textRelocationFlag = 0x4
const positionIndependentFlag = 0x0800_0000

class DynamicReader {
  readonly #readAt: ReadAt
  readonly #segments: readonly Segment[]
  #nameCount = 0
  #strings: Buffer = Buffer.alloc(0)

  constructor(readAt: ReadAt, segments: readonly Segment[]) {
    this.#readAt = readAt
    this.#segments = segments
  }

  read(dynamic: Segment): DynamicSection {
    const values = tagValues(this.#readAt(dynamic.offset, Math.min(dynamic.fileBytes, maxDynamicBytes)))
    const first = (key: number) => values.get(key)?.[0]
    const stringBytes = Math.min(first(tag.stringTableBytes) ?? 0, maxStringTableBytes)
    this.#strings = this.#atAddress(first(tag.stringTable) ?? 0, stringBytes)
    const text = (offset: number) => this.#name(offset)
    const paths = (key: number) => (values.get(key) ?? []).flatMap((offset) => this.#folders(offset))
    const soname = first(tag.soname)
    return {
      needed: (values.get(tag.needed) ?? []).map(text),
      soname: soname === undefined ? undefined : text(soname),
      rpath: paths(tag.rpath),
      runpath: paths(tag.runpath),
      hasTextRelocations: values.has(tag.textRelocations) || ((first(tag.flags) ?? 0) & textRelocationFlag) !== 0,
      isPositionIndependentExecutable: ((first(tag.flags1) ?? 0) & positionIndependentFlag) !== 0,
      providedVersions: this.#providedVersions(first(tag.providedVersions), first(tag.providedVersionCount) ?? 0),
      neededVersions: this.#neededVersions(first(tag.neededVersions), first(tag.neededVersionCount) ?? 0),
    }
  }

  /** Verdef: per version a 20-byte head, its first aux entry names it; `vd_next` leads on. */
  #providedVersions(address: number | undefined, count: number): string[] {
    if (address === undefined) return []
    const bytes = this.#atAddress(address, maxVersionBytes)
    const versions: string[] = []
    for (let at = 0, index = 0; index < count; index++) {
      versions.push(this.#name(bytes.readUInt32LE(at + bytes.readUInt32LE(at + 12))))
      const next = bytes.readUInt32LE(at + 16)
      if (next === 0) break
      at += next
    }
    return versions
  }

  /** Verneed: per library a 16-byte head and a chain of 16-byte aux entries, flag 2 for a weak one. */
  #neededVersions(address: number | undefined, count: number): NeededVersion[] {
    if (address === undefined) return []
    const bytes = this.#atAddress(address, maxVersionBytes)
    const versions: NeededVersion[] = []
    for (let at = 0, index = 0; index < count; index++) {
      const library = this.#name(bytes.readUInt32LE(at + 4))
      let auxiliary = at + bytes.readUInt32LE(at + 8)
      for (let left = bytes.readUInt16LE(at + 2); left > 0; left--) {
        const isWeak = (bytes.readUInt16LE(auxiliary + 4) & 2) !== 0
        versions.push({ library, version: this.#name(bytes.readUInt32LE(auxiliary + 8)), isWeak })
        auxiliary += bytes.readUInt32LE(auxiliary + 12)
      }
      const next = bytes.readUInt32LE(at + 12)
      if (next === 0) break
      at += next
    }
    return versions
  }

  /** A name from the string table; names may overlap there, so a small table can hold more of them than memory does. */
  #name(offset: number): string {
    this.#countNames(1)
    return stringAt(this.#strings, offset)
  }

  #folders(offset: number): string[] {
    const folders = stringAt(this.#strings, offset).split(':')
    this.#countNames(folders.length)
    return folders
  }

  #countNames(count: number): void {
    this.#nameCount += count
    if (this.#nameCount > maxNames) throw new RangeError(`its dynamic section holds more than ${maxNames} names`)
  }

  /** Bytes at a virtual address, found by the load segment that covers it; fewer at the segment's end. */
  #atAddress(address: number, lengthBytes: number): Buffer {
    const segment = this.#segments.find(
      (load) => load.type === segmentType.load && address >= load.address && address < load.address + load.fileBytes,
    )
    if (segment === undefined) throw new RangeError(`no segment holds the address 0x${address.toString(16)}`)
    const skipped = address - segment.address
    return this.#readAt(segment.offset + skipped, Math.min(lengthBytes, segment.fileBytes - skipped))
  }
}

function tagValues(bytes: Buffer): Map<number, number[]> {
  const values = new Map<number, number[]>()
  for (let at = 0; at + 16 <= bytes.length; at += 16) {
    const key = readSize(bytes, at)
    if (key === 0) break
    values.set(key, [...(values.get(key) ?? []), readSize(bytes, at + 8)])
  }
  return values
}

/** A 64-bit field; values past 2^53 only occur in broken files and end in a bounds error. */
const readSize = (bytes: Buffer, at: number): number => Number(bytes.readBigUInt64LE(at))

function stringAt(bytes: Buffer, start: number): string {
  const end = bytes.subarray(start, start + maxNameBytes).indexOf(0) + start
  if (start >= bytes.length || end < start) throw new RangeError('a string is too long or runs over its table')
  return bytes.toString('utf8', start, end)
}
