import type { KeyType, KnownKeys } from './known-keys.ts'
import { containersKeys, registriesKeys, storageKeys } from './known-keys.ts'
import { type FileKind, type Layers, type PodmanEnvironment, readLayers, type Values } from './layers.ts'

/** A value in force and the file or variable it came from. */
export interface EffectiveValue {
  value: unknown
  origin: string
}

/** Something in a file that podman does not understand as meant. */
interface KeyProblem {
  path: string
  key: string
  message: string
}

/** One kind of configuration as podman sees it. */
export interface EffectiveFile extends Layers {
  kind: FileKind
  /** Values by dotted key, in the spelling of the documentation. */
  values: Map<string, EffectiveValue>
  problems: KeyProblem[]
}

export type EffectiveConfiguration = Record<FileKind, EffectiveFile>

const knownKeys: Record<FileKind, KnownKeys> = {
  containers: containersKeys,
  storage: storageKeys,
  registries: registriesKeys,
}

/** Computes what podman of the image's era will see, from all files, drop-ins and environment variables. */
export function effectiveConfiguration(podmanEnvironment: PodmanEnvironment): EffectiveConfiguration {
  const containers = effectiveFile('containers', podmanEnvironment)
  const storage = effectiveFile('storage', podmanEnvironment)
  applyStorageVariables(storage, podmanEnvironment)
  return { containers, storage, registries: effectiveFile('registries', podmanEnvironment) }
}

/** Variables that override single values (containers/storage types/options.go). */
function applyStorageVariables(storage: EffectiveFile, { environment }: PodmanEnvironment): void {
  const driver = environment.get('STORAGE_DRIVER')?.value
  if (driver) storage.values.set('storage.driver', { value: driver, origin: 'environment STORAGE_DRIVER' })
}

function effectiveFile(kind: FileKind, podmanEnvironment: PodmanEnvironment): EffectiveFile {
  const file: EffectiveFile = { kind, ...readLayers(kind, podmanEnvironment), values: new Map(), problems: [] }
  const merge = new LayerMerge(file, knownKeys[kind])
  for (const { path, values } of file.layers) merge.table(path, '', values)
  return file
}

class LayerMerge {
  readonly #file: EffectiveFile
  readonly #known: KnownKeys

  constructor(file: EffectiveFile, known: KnownKeys) {
    this.#file = file
    this.#known = known
  }

  /** Merges one table of one file; `name` is its dotted name, empty for the top. */
  table(path: string, name: string, values: Values): void {
    const keys = this.#known[name] ?? this.#known[starred(name)] ?? {}
    for (const [written, value] of Object.entries(values)) {
      const key = knownSpelling(keys, written)
      const dotted = name === '' ? (key ?? written) : `${name}.${key ?? written}`
      if (key === undefined) this.#problem(path, dotted, `is not a key that podman knows${this.#nearby(written)}`)
      else this.#value(path, dotted, keys[Object.hasOwn(keys, key) ? key : '*'] as KeyType, value)
    }
  }

  #value(path: string, dotted: string, type: KeyType, value: unknown): void {
    if (!typeChecks[type](value)) {
      this.#problem(path, dotted, `must be ${typeNames[type]}, not ${JSON.stringify(value)}`)
      return
    }
    if (type === 'table') {
      this.table(path, dotted, value as Values)
      return
    }
    if (type === 'tables') for (const row of value as Values[]) this.#row(path, dotted, row)
    const merged = type === 'strings' ? this.#appended(dotted, value as unknown[]) : value
    this.#file.values.set(dotted, { value: merged, origin: path })
  }

  /** Checks the keys of one row of an array of tables; the rows themselves stay together as one value. */
  #row(path: string, dotted: string, row: Values): void {
    const keys = this.#known[dotted]
    if (keys === undefined) return
    for (const [written, value] of Object.entries(row)) {
      const key = knownSpelling(keys, written)
      const type = key === undefined ? undefined : keys[key]
      if (type === undefined) this.#problem(path, `${dotted}.${written}`, 'is not a key that podman knows')
      else if (!typeChecks[type](value))
        this.#problem(path, `${dotted}.${written}`, `must be ${typeNames[type]}, not ${JSON.stringify(value)}`)
      else if (type === 'tables') for (const inner of value as Values[]) this.#row(path, `${dotted}.${key}`, inner)
    }
  }

  /** A list that ends in `{append=true}` extends what came before it (containers.conf(5)). */
  #appended(dotted: string, list: unknown[]): unknown[] {
    const texts = list.filter((item) => typeof item === 'string')
    const appends = list.some((item) => typeof item === 'object' && item !== null && (item as Values).append === true)
    const before = this.#file.values.get(dotted)?.value
    return appends && Array.isArray(before) ? [...before, ...texts] : texts
  }

  #problem(path: string, key: string, message: string): void {
    this.#file.problems.push({ path, key, message })
  }

  /** Names the table that a misplaced key belongs to. */
  #nearby(written: string): string {
    const home = Object.entries(this.#known).find(([name, keys]) => name !== '' && knownSpelling(keys, written, false))
    return home ? ` here: it belongs in [${home[0]}]` : ''
  }
}

const starred = (name: string): string => name.replace(/\.[^.]+$/, '.*')

/** Go's TOML library takes a key in any case (BurntSushi/toml, decode.go: exact match first, then case folded). */
function knownSpelling(keys: Readonly<Record<string, KeyType>>, written: string, free = true): string | undefined {
  if (free && '*' in keys) return written
  if (Object.hasOwn(keys, written)) return written
  return Object.keys(keys).find((key) => key !== '*' && key.toLowerCase() === written.toLowerCase())
}

const isTable = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)
const isListItem = (item: unknown): boolean =>
  typeof item === 'string' || (isTable(item) && typeof (item as Values).append === 'boolean')

const typeChecks: Record<KeyType, (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  integer: (value) => typeof value === 'bigint' || Number.isInteger(value),
  strings: (value) => Array.isArray(value) && value.every(isListItem),
  table: isTable,
  tables: (value) => Array.isArray(value) && value.every(isTable),
}

const typeNames: Record<KeyType, string> = {
  string: 'a string',
  boolean: 'true or false',
  integer: 'an integer',
  strings: 'a list of strings',
  table: 'a table',
  tables: 'an array of tables',
}
