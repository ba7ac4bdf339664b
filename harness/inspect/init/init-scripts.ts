import { elfMagic } from '../../image/file-magic.ts'
import type { Profile } from '../../profile/profile.ts'
import type { FileTree } from '../file-tree.ts'
import { parseShell } from '../shell/parse-shell.ts'
import type { ShellCommand, ShellScript } from '../shell/shell-words.ts'

/** One script that init runs or reads, analysed without running it. */
export interface InitScript {
  path: string
  text: string
  /** From the `#!` line; undefined for a script that is only sourced, or an ELF init. */
  interpreter: string | undefined
  /** Undefined where the script nests deeper than any real one. */
  shell: ShellScript | undefined
  /** Paths it sources, with the line; what it looks for first may be missing. */
  sources: { path: string; line: number; mayBeMissing: boolean }[]
}

/** Init, its alternatives and what they source. */
export class InitScripts {
  readonly scripts: readonly InitScript[]
  /** Folders in which init's commands are looked up. */
  readonly searchPath: readonly string[]
  /** Environment variables with fixed values that init sets. */
  readonly environment: ReadonlyMap<string, EnvironmentSetting>

  constructor(scripts: readonly InitScript[], defaultSearchPath: readonly string[]) {
    this.scripts = scripts
    this.environment = fixedEnvironment(scripts)
    const path = this.environment.get('PATH')?.value
    this.searchPath = path?.split(':').filter((folder) => folder.startsWith('/')) ?? defaultSearchPath
  }

  /** Tells whether some line, comments left out, names a path as a whole. */
  mentions(path: string): boolean {
    const whole = new RegExp(`${path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w.-])`)
    return this.scripts.some(({ text }) => whole.test(withoutComments(text)))
  }

  /** All paths that lines name, comments left out, and their folders. */
  namedPaths(): Set<string> {
    const named = new Set<string>()
    for (const { text } of this.scripts)
      for (const [path] of withoutComments(text).matchAll(/(?:\/[\w.+@-]+)+/g))
        for (let end = path.length; end > 0 && !named.has(path.slice(0, end)); end = path.lastIndexOf('/', end - 1))
          named.add(path.slice(0, end))
    return named
  }

  /** Tells whether init makes a folder: by name, as a parent of one, or by a loop over names that has it. */
  creates(path: string): boolean {
    return this.scripts.some(({ shell }) => {
      const constants = shell ? constantsOf(shell) : new Map<string, string>()
      const made = shell?.commands.filter(makesFolders).flatMap(({ words }) => words.slice(1)) ?? []
      const expanded = made.map(({ raw }) => expandConstants(raw, constants))
      const isNamed = expanded.some((folder) => folder === path || folder?.startsWith(`${path}/`))
      return isNamed || (expanded.includes(undefined) && this.mentions(path))
    })
  }
}

export interface EnvironmentSetting {
  value: string
  path: string
  line: number
}

const makesFolders = ({ words }: ShellCommand): boolean => {
  const name = words[0]?.text?.split('/').at(-1)
  return name === 'mkdir' || (name === 'install' && words.some(({ text }) => text === '-d'))
}

const withoutComments = (text: string): string => text.replace(/(^|\s)#.*$/gm, '$1')

const maxSourced = 32

/** Reads the profile's init, its alternatives and all they source. */
export function readInitScripts(files: FileTree, init: Profile['init']): InitScripts {
  const scripts = new Map<string, InitScript>()
  // A set is walked in the order in which it grows, each path once.
  const wanted = new Set([init.path, ...init.alternatives])
  for (const path of wanted) {
    if (scripts.size >= maxSourced) break
    const script = readScript(files, path)
    if (script === undefined) continue
    scripts.set(path, script)
    for (const source of script.sources) wanted.add(source.path)
  }
  return new InitScripts([...scripts.values()], init.searchPath)
}

function readScript(files: FileTree, path: string): InitScript | undefined {
  const text = files.text(path)
  if (text === undefined || text.startsWith(elfMagic)) return undefined
  const [, interpreter] = /^#!\s*(\S+)/.exec(text) ?? []
  const shell = parseBounded(text)
  return { path, text, interpreter, shell, sources: shell ? sourcesOf(shell, path) : [] }
}

function parseBounded(text: string): ShellScript | undefined {
  try {
    return parseShell(text)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** `. FILE` and `source FILE`; a name without a slash is looked for beside the root, where the recipe puts it. */
function sourcesOf(shell: ShellScript, path: string): InitScript['sources'] {
  const folder = path.slice(0, path.lastIndexOf('/'))
  const [constants, optional] = [constantsOf(shell), lookedFor(shell)]
  return shell.commands.flatMap(({ words, line }) => {
    const name = words[0]?.text
    if (name !== '.' && name !== 'source') return []
    const file = words[1] && expandConstants(words[1].raw, constants)
    if (file === undefined) return []
    const sourced = file.startsWith('/') ? file : `${folder}/${file.replace(/^\.\//, '')}`
    return [{ path: sourced, line, mayBeMissing: optional.has(sourced) }]
  })
}

/** What a script asks for before it uses it: `[ -f FILE ]`. */
const lookedFor = ({ commands }: ShellScript): ReadonlySet<string | undefined> =>
  new Set(
    commands.flatMap(({ words }) => {
      const [name = '', ...texts] = words.map(({ text }) => text)
      return ['[', '[[', 'test'].includes(name) ? texts.filter((_, at) => /^-[efrs]$/.test(texts[at - 1] ?? '')) : []
    }),
  )

/** Variables that a script assigns exactly once, to a fixed text. */
export function constantsOf(shell: ShellScript): ReadonlyMap<string, string> {
  const known = constants.get(shell) ?? readConstants(shell)
  constants.set(shell, known)
  return known
}

/** Constants of scripts that source one another; what two of them assign is none. */
export function sharedConstants(scripts: readonly InitScript[]): ReadonlyMap<string, string> {
  const shells = scripts.flatMap(({ shell }) => shell ?? [])
  const assigned = Map.groupBy(
    shells.flatMap((shell) => [...assignedNames(shell)]),
    (name) => name,
  )
  return new Map(
    shells.flatMap((shell) => [...constantsOf(shell)].filter(([name]) => assigned.get(name)?.length === 1)),
  )
}

/** Each name once, however often it is assigned. */
const assignedNames = ({ commands }: ShellScript): ReadonlySet<string> =>
  new Set(commands.flatMap(({ assignments, words }) => [...assignments, ...exported(words)].map(({ name }) => name)))

const constants = new WeakMap<ShellScript, ReadonlyMap<string, string>>()

function readConstants(shell: ShellScript): ReadonlyMap<string, string> {
  const seen = new Map<string, string | undefined>()
  for (const { assignments, words } of shell.commands) {
    for (const { name, value } of [...assignments, ...exported(words)])
      seen.set(name, seen.has(name) ? undefined : value.text)
  }
  return new Map([...seen].filter((pair): pair is [string, string] => pair[1] !== undefined))
}

/** `export NAME=value` and `readonly NAME=value` are assignments too. */
function exported(words: ShellCommand['words']): ShellCommand['assignments'] {
  if (!['export', 'readonly', 'local'].includes(words[0]?.text ?? '')) return []
  return words.slice(1).flatMap((word) => {
    const [, name] = /^([A-Za-z_][A-Za-z0-9_]*)=/.exec(word.raw) ?? []
    if (name === undefined) return []
    const skipped = name.length + 1
    return [{ name, value: { text: word.text?.slice(skipped), raw: word.raw.slice(skipped), isQuoted: word.isQuoted } }]
  })
}

/** A word's text with constants put in; undefined where something else remains to expand. */
export function expandConstants(raw: string, constants: ReadonlyMap<string, string>): string | undefined {
  const unquoted = raw.replace(/^"(.*)"$/s, '$1').replace(/^'(.*)'$/s, '$1')
  const expanded = unquoted.replace(
    /\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?/g,
    (whole, name: string) => constants.get(name) ?? whole,
  )
  return /[$`"'\\*?]/.test(expanded) ? undefined : expanded
}

/** Capitals stand for the environment; of its few other names those of proxies matter. */
const environmentName = /^([A-Z][A-Z0-9_]*|(https?|all|no)_proxy)$/

function fixedEnvironment(scripts: readonly InitScript[]): Map<string, EnvironmentSetting> {
  const environment = new Map<string, EnvironmentSetting>()
  for (const { path, shell } of scripts) {
    for (const { assignments, words, line } of shell?.commands ?? []) {
      for (const { name, value } of [...assignments, ...exported(words)])
        if (value.text !== undefined && environmentName.test(name))
          environment.set(name, { value: value.text, path, line })
    }
  }
  return environment
}
