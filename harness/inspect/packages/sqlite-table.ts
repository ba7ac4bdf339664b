import { committedPages } from './sqlite-log.ts'
import { UnreadableDatabase } from './unreadable-database.ts'

/**
 * Reads the rows of a table of an SQLite database, without SQLite: the file comes from the image and is not to be
 * trusted to native code. Every page is read at most once, so a reader's work is bounded by the size of the file
 * (SQLite, "Database File Format"). Throws UnreadableDatabase where the file breaks the format.
 */
export function* readSqliteTable(database: Buffer, log: Buffer, table: string): Generator<SqliteValue[]> {
  const pages = new SqlitePages(database, log)
  for (const [type, name, , rootPage] of pages.rows(1))
    if (type === 'table' && name === table && typeof rootPage === 'number') yield* pages.rows(rootPage)
}

/** Floating point numbers, and integers beyond what a number holds, are left out: no table that is read here has any. */
export type SqliteValue = string | number | Buffer | undefined

const magic = 'SQLite format 3\0'
const fileHeaderBytes = 100
const pageKinds = { interior: 0x05, leaf: 0x0d } as const

class SqlitePages {
  readonly #database: Buffer
  readonly #logged: ReadonlyMap<number, Buffer>
  readonly #pageBytes: number
  /** What a page has room for: the end may be reserved for extensions. */
  readonly #usableBytes: number
  readonly #visited = new Set<number>()

  constructor(database: Buffer, log: Buffer) {
    if (database.length < fileHeaderBytes || database.toString('latin1', 0, magic.length) !== magic)
      throw new UnreadableDatabase('it is not an SQLite database')
    const pageBytes = database.readUInt16BE(16)
    this.#pageBytes = pageBytes === 1 ? 65_536 : pageBytes
    if (this.#pageBytes < 512 || (this.#pageBytes & (this.#pageBytes - 1)) !== 0)
      throw new UnreadableDatabase(`it has pages of ${this.#pageBytes} bytes`)
    this.#usableBytes = this.#pageBytes - database.readUInt8(20)
    this.#database = database
    this.#logged = committedPages(log, this.#pageBytes)
  }

  /** The rows below a page, in the order of their keys. */
  *rows(rootPage: number): Generator<SqliteValue[]> {
    const waiting = [rootPage]
    for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
      const page = this.#take(number)
      const start = number === 1 ? fileHeaderBytes : 0
      const kind = page.readUInt8(start)
      if (kind === pageKinds.interior) waiting.push(...childPages(page, start).reverse())
      else if (kind !== pageKinds.leaf) throw new UnreadableDatabase(`page ${number} is of no table`)
      else for (const cell of cellPlaces(page, start, 8)) yield readRecord(this.#payload(page, cell))
    }
  }

  /** A page of the log is newer than the file's. Pages form a tree, so one that comes again is a loop. */
  #take(number: number): Buffer {
    const offset = (number - 1) * this.#pageBytes
    const page = this.#logged.get(number) ?? this.#database.subarray(offset, offset + this.#pageBytes)
    if (number < 1 || page.length < this.#pageBytes) throw new UnreadableDatabase(`page ${number} is not there`)
    if (this.#visited.has(number)) throw new UnreadableDatabase(`page ${number} is in two places`)
    this.#visited.add(number)
    return page.subarray(0, this.#usableBytes)
  }

  /** A cell's content: its length, its key, the content's start, and where that is not all, the page that has the rest. */
  #payload(page: Buffer, cell: number): Buffer {
    const length = readVarint(page, cell)
    const key = readVarint(page, length.end)
    const localBytes = this.#localBytes(length.value)
    const local = page.subarray(key.end, key.end + localBytes)
    if (local.length < localBytes) throw new UnreadableDatabase('a row is cut off')
    if (localBytes === length.value) return local
    return Buffer.concat([local, ...this.#overflow(page, key.end + localBytes, length.value - localBytes)])
  }

  /** How much of a payload stays in its leaf ("B-tree Cell Format"). */
  #localBytes(payloadBytes: number): number {
    const maxBytes = this.#usableBytes - 35
    if (payloadBytes <= maxBytes) return payloadBytes
    const minBytes = Math.floor(((this.#usableBytes - 12) * 32) / 255) - 23
    const localBytes = minBytes + ((payloadBytes - minBytes) % (this.#usableBytes - 4))
    return localBytes <= maxBytes ? localBytes : minBytes
  }

  *#overflow(page: Buffer, pointer: number, restBytes: number): Generator<Buffer> {
    let next = uint32(page, pointer)
    for (let leftBytes = restBytes; leftBytes > 0; ) {
      const overflow = this.#take(next)
      const part = overflow.subarray(4, 4 + leftBytes)
      leftBytes -= part.length
      next = overflow.readUInt32BE(0)
      yield part
    }
  }
}

const childPages = (page: Buffer, start: number): number[] => [
  ...cellPlaces(page, start, 12).map((cell) => uint32(page, cell)),
  uint32(page, start + 8),
]

function cellPlaces(page: Buffer, start: number, headerBytes: number): number[] {
  const count = page.readUInt16BE(start + 3)
  const first = start + headerBytes
  if (first + count * 2 > page.length) throw new UnreadableDatabase('a page lists more cells than it holds')
  return Array.from({ length: count }, (_, index) => page.readUInt16BE(first + index * 2))
}

function uint32(bytes: Buffer, offset: number): number {
  if (offset + 4 > bytes.length) throw new UnreadableDatabase('a page is cut off')
  return bytes.readUInt32BE(offset)
}

/** Seven bits a byte, the most significant first; a ninth byte gives all eight. No value beyond 2^48 makes sense here. */
function readVarint(bytes: Buffer, start: number): { value: number; end: number } {
  let value = 0
  for (let end = start; end < start + 7; ) {
    const byte = bytes[end++]
    if (byte === undefined) break
    value = value * 128 + (byte & 0x7f)
    if (byte < 0x80) return { value, end }
  }
  throw new UnreadableDatabase('a number is too large or cut off')
}

/** Values by their serial types, which precede them ("Record Format"). */
function readRecord(payload: Buffer): SqliteValue[] {
  const header = readVarint(payload, 0)
  if (header.value > payload.length) throw new UnreadableDatabase('a row is cut off')
  const values: SqliteValue[] = []
  let valueStart = header.value
  for (let position = header.end; position < header.value; ) {
    const type = readVarint(payload, position)
    const bytes = payload.subarray(valueStart, valueStart + sizeOfType(type.value))
    if (bytes.length < sizeOfType(type.value)) throw new UnreadableDatabase('a value is cut off')
    values.push(valueOfType(type.value, bytes))
    valueStart += bytes.length
    position = type.end
  }
  return values
}

const integerSizes = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0]
const sizeOfType = (type: number): number => integerSizes[type] ?? Math.max(0, Math.floor((type - 12) / 2))

function valueOfType(type: number, bytes: Buffer): SqliteValue {
  if (type >= 12) return type % 2 === 0 ? bytes : bytes.toString('utf8')
  if (type === 8 || type === 9) return type - 8
  return type >= 1 && type <= 5 ? bytes.readIntBE(0, bytes.length) : undefined
}
