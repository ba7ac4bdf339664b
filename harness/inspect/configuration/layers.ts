import { parse, TomlDate } from 'smol-toml'
import { type Entry, pathOf } from '../../image/squashfs/tree.ts'
import type { FileTree } from '../file-tree.ts'
import type { PodmanProgram } from '../programs/podman-program.ts'

export type Values = Record<string, unknown>

/** One configuration file that counts; `error` where it does not parse, and then podman does not start. */
export interface Layer {
  path: string
  values: Values
  error?: string
}

/** A file that looks like configuration but that podman of this era does not read, and why. */
export interface IgnoredFile {
  path: string
  reason: string
  /** The file of higher rank that stands in its place; undefined where the file could never count. */
  replacedBy?: string
}

/** All files of one kind of configuration, in the order in which later ones override earlier ones. */
export interface Layers {
  layers: Layer[]
  ignored: IgnoredFile[]
}

export type FileKind = 'containers' | 'storage' | 'registries'

/** Home of root while init runs: the kernel sets HOME=/ (Linux, init/main.c); `/root` is what a login would give. */
const homeFolders = ['/root', '']

interface SearchRule {
  /** Main files, from the lowest to the highest in rank. */
  mainFiles: readonly string[]
  /** `merge`: all main files count, higher ones last; `highest`: only the highest that exists. */
  mainFileRule: 'merge' | 'highest'
  /** Folders of drop-ins, from the lowest to the highest in rank. */
  dropInFolders: readonly string[]
  /** `mask`: of equal names only the highest counts, all sorted by name; `append`: folder by folder. */
  dropInRule: 'mask' | 'append' | 'none'
}

const fileName = (kind: FileKind) => `${kind}.conf`
const system = (kind: FileKind) => `/usr/share/containers/${fileName(kind)}`
const admin = (kind: FileKind) => `/etc/containers/${fileName(kind)}`
const home = (kind: FileKind, folder: string) => `${folder}/.config/containers/${fileName(kind)}`

/**
 * Up to podman 5 each file has rules of its own (containers/common pkg/config/new.go, containers/storage types/options.go,
 * containers/image sysregistriesv2); later all share one (container-libs storage/pkg/configfile/parse.go).
 */
function searchRule(kind: FileKind, isShared: boolean, homeFolder: string): SearchRule {
  const mainFiles = [system(kind), admin(kind), home(kind, homeFolder)]
  const dropInFolders = mainFiles.map((path) => `${path}.d`)
  if (isShared) {
    const [systemFolder = '', adminFolder = '', ...rest] = dropInFolders
    const folders = [systemFolder, rootful(systemFolder), adminFolder, rootful(adminFolder), ...rest]
    return { mainFiles, mainFileRule: 'highest', dropInFolders: folders, dropInRule: 'mask' }
  }
  const adminFirst = dropInFolders.slice(1)
  const rules: Record<FileKind, SearchRule> = {
    containers: { mainFiles, mainFileRule: 'merge', dropInFolders: adminFirst, dropInRule: 'append' },
    storage: {
      mainFiles: mainFiles.slice(0, 2),
      mainFileRule: 'highest',
      dropInFolders: adminFirst,
      dropInRule: 'none',
    },
    registries: {
      mainFiles: mainFiles.slice(1),
      mainFileRule: 'highest',
      dropInFolders: adminFirst,
      dropInRule: 'append',
    },
  }
  return rules[kind]
}

const rootful = (folder: string): string => folder.replace(/\.conf\.d$/, '.rootful.conf.d')

/** Variables that name a file to read instead of all others, and one to read after them. */
const fileVariables: Record<FileKind, { instead: string; after: string | undefined }> = {
  containers: { instead: 'CONTAINERS_CONF', after: 'CONTAINERS_CONF_OVERRIDE' },
  storage: { instead: 'CONTAINERS_STORAGE_CONF', after: undefined },
  registries: { instead: 'CONTAINERS_REGISTRIES_CONF', after: undefined },
}

export interface PodmanEnvironment {
  files: FileTree
  /** Undefined where there is no podman, whose rules are then those of podman 5. */
  podman: PodmanProgram | undefined
  /** Variables that init sets. */
  environment: ReadonlyMap<string, { value: string }>
}

/** Finds and parses all files of one kind that podman of the era reads. */
export function readLayers(kind: FileKind, { files, podman, environment }: PodmanEnvironment): Layers {
  const homeFolder =
    environment.get('HOME')?.value ?? homeFolders.find((folder) => files.find(home(kind, folder))) ?? ''
  const rule = searchRule(kind, podman?.sharesRule[kind] ?? false, homeFolder.replace(/\/$/, ''))
  const instead = environment.get(fileVariables[kind].instead)?.value
  const found = instead ? { paths: [instead], ignored: [] } : searchFiles(files, rule)
  const after = fileVariables[kind].after && environment.get(fileVariables[kind].after)?.value
  const paths = after ? [...found.paths, after] : found.paths
  return { layers: readAll(files, paths), ignored: found.ignored }
}

function searchFiles(files: FileTree, rule: SearchRule): { paths: string[]; ignored: IgnoredFile[] } {
  const present = rule.mainFiles.filter((path) => files.find(path) !== undefined)
  const used = rule.mainFileRule === 'merge' ? present : present.slice(-1)
  const overridden = present.filter((path) => !used.includes(path))
  const dropIns = searchDropIns(files, rule)
  const replacedBy = used.at(0) ?? ''
  const reason = `only ${replacedBy} counts: it is read whole, not merged`
  return {
    paths: [...used, ...dropIns.paths],
    ignored: [...overridden.map((path) => ({ path, reason, replacedBy })), ...dropIns.ignored],
  }
}

function searchDropIns(files: FileTree, rule: SearchRule): { paths: string[]; ignored: IgnoredFile[] } {
  const entries = rule.dropInFolders.flatMap((folder) => files.list(folder))
  const named = entries.filter((entry) => entry.name.endsWith('.conf'))
  const misnamed = entries.filter((entry) => !entry.name.endsWith('.conf') && entry.inode.kind !== 'folder')
  const ignored = misnamed.map((entry) => ({ path: pathOf(entry), reason: 'the name of a drop-in must end in .conf' }))
  if (rule.dropInRule === 'none') {
    const reason = 'podman of this version reads no drop-ins for this file'
    return { paths: [], ignored: [...ignored, ...named.map((entry) => ({ path: pathOf(entry), reason }))] }
  }
  if (rule.dropInRule === 'append') return { paths: named.map(pathOf), ignored }
  return maskDropIns(named, ignored)
}

function maskDropIns(named: readonly Entry[], ignored: IgnoredFile[]): { paths: string[]; ignored: IgnoredFile[] } {
  const highest = new Map<string, Entry>()
  const masked: IgnoredFile[] = []
  for (const entry of named) {
    const lower = highest.get(entry.name)
    if (lower) masked.push(maskedBy(pathOf(entry), pathOf(lower)))
    highest.set(entry.name, entry)
  }
  const names = [...highest.keys()].sort()
  return { paths: names.map((name) => pathOf(highest.get(name) as Entry)), ignored: [...ignored, ...masked] }
}

const maskedBy = (replacedBy: string, path: string): IgnoredFile => ({
  path,
  reason: `${replacedBy} has the same name and a higher rank`,
  replacedBy,
})

/** Most text of one kind of configuration that is parsed, in characters; a commented containers.conf has 30,000. */
const maxCharacters = 512 * 1024

function readAll(files: FileTree, paths: readonly string[]): Layer[] {
  let left = maxCharacters
  return paths.map((path) => {
    const text = files.text(path)
    if (text === undefined) return { path, values: {}, error: 'it is not a readable file' }
    left -= text.length
    if (left >= 0) return readLayer(path, text)
    return { path, values: {}, error: `it is not read: there is more configuration than ${maxCharacters} characters` }
  })
}

function readLayer(path: string, text: string): Layer {
  try {
    return { path, values: plainValues(parse(text, { maxDepth }), maxDepth) as Values }
  } catch (error) {
    const [sentence = 'it is not TOML'] = (error as Error).message.split('\n')
    return { path, values: {}, error: sentence }
  }
}

/** podman's own settings nest four deep. */
const maxDepth = 64

/** Tables without a prototype, so that a key such as `__proto__` is only a key; dates become text. */
function plainValues(value: unknown, depth: number): unknown {
  // Dotted keys make tables that the parser's own bound does not count.
  if (depth < 0) throw new Error(`it nests deeper than ${maxDepth}`)
  if (Array.isArray(value)) return value.map((inner) => plainValues(inner, depth - 1))
  if (value instanceof TomlDate) return value.toISOString()
  if (typeof value !== 'object' || value === null) return value
  const table: Values = Object.create(null) as Values
  for (const [key, inner] of Object.entries(value)) table[key] = plainValues(inner, depth - 1)
  return table
}
