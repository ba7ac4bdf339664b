import { existsSync, readFileSync } from 'node:fs'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { parse } from 'smol-toml'
import { CallFault } from '../model/faults.ts'
import { builtInProfiles } from './built-in-profiles.ts'
import { isProfile } from './profile-check.generated.ts'
import { profileDefaults } from './profile-defaults.ts'
import type { Profile } from './profile-schema.ts'

export type { Profile, Waiver } from './profile-schema.ts'

type Table = Record<string, unknown>

/** A chain of extended profiles longer than this is a loop. */
const maxExtensions = 16

/**
 * Loads a profile by its built-in name or from a TOML or JSON file, merged over the profiles it extends. Throws
 * CallFault that names the file and the wrong key.
 */
export async function loadProfile(nameOrPath: string): Promise<Profile> {
  const path = profilePath(nameOrPath, process.cwd())
  const merged = mergeTables(profileDefaults, loadMerged(path, maxExtensions))
  if (!isProfile(merged)) throw await wrongProfile(path, merged)
  return merged
}

/** TypeBox, which says where a profile is wrong, takes longer to load than an image to be judged. */
async function wrongProfile(path: string, merged: Table): Promise<CallFault> {
  const { Value } = await import('@sinclair/typebox/value')
  const { profileSchema } = await import('./profile-schema.ts')
  const error = Value.Errors(profileSchema, merged).First()
  const place = error ? `${dottedKey(error.path)}: ${sentence(error)}` : 'its top'
  return new CallFault(`The profile ${path} is wrong at ${place}.`)
}

function profilePath(nameOrPath: string, folder: string): string {
  if ((builtInProfiles as readonly string[]).includes(nameOrPath))
    return join(import.meta.dirname, `${nameOrPath}.toml`)
  const path = isAbsolute(nameOrPath) ? nameOrPath : resolve(folder, nameOrPath)
  if (existsSync(path)) return path
  const names = builtInProfiles.join(', ')
  throw new CallFault(`There is no profile ${nameOrPath}: it is neither a file nor one of ${names}.`)
}

function loadMerged(path: string, extensionsLeft: number): Table {
  const { extends: base, remove, ...own } = readTable(path)
  if (base === undefined && remove === undefined) return own
  if (typeof base !== 'string') throw new CallFault(`The profile ${path} is wrong at extends: it must name a profile.`)
  if (extensionsLeft === 0) throw new CallFault(`The profile ${path} extends itself.`)
  const inherited = loadMerged(profilePath(base, dirname(path)), extensionsLeft - 1)
  for (const key of removedKeys(remove, path)) removeKey(inherited, key, path)
  return mergeTables(inherited, own)
}

/** Reads a TOML or JSON file that holds one table. */
export function readTable(path: string): Table {
  if (!existsSync(path)) throw new CallFault(`${path} does not exist.`)
  try {
    const text = readFileSync(path, 'utf8')
    const value: unknown = path.endsWith('.json') ? JSON.parse(text) : parse(text)
    if (isTable(value)) return value
  } catch (cause) {
    const [firstLine] = (cause as Error).message.split('\n')
    throw new CallFault(`${path} cannot be read: ${firstLine}.`, { cause })
  }
  throw new CallFault(`${path} does not hold a table of keys.`)
}

function removedKeys(remove: unknown, path: string): string[] {
  if (remove === undefined) return []
  if (Array.isArray(remove) && remove.every((key) => typeof key === 'string')) return remove
  throw new CallFault(`The profile ${path} is wrong at remove: it must be a list of dotted keys.`)
}

function removeKey(table: Table, key: string, path: string): void {
  const names = key.split('.')
  const last = names.pop() as string
  const holder = names.reduce<unknown>((at, name) => (isTable(at) ? at[name] : undefined), table)
  if (!isTable(holder) || !(last in holder))
    throw new CallFault(`The profile ${path} is wrong at remove: the extended profile has no ${key}.`)
  delete holder[last]
}

/** Tables merge key by key; any other value replaces what it overrides. */
function mergeTables(base: Table, over: Table): Table {
  const merged: Table = { ...base }
  for (const [key, value] of Object.entries(over)) {
    const inherited = merged[key]
    merged[key] = isTable(inherited) && isTable(value) ? mergeTables(inherited, value) : value
  }
  return merged
}

const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)

const dottedKey = (pointer: string): string => pointer.slice(1).replaceAll('/', '.') || 'its top'
const sentence = (error: { message: string; value: unknown }): string =>
  `${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}${error.value === undefined ? '' : `, not ${JSON.stringify(error.value)}`}`
