import type { FileTree } from '../file-tree.ts'
import type { InspectedImage } from '../inspect-image.ts'
import { findProgram } from '../lookup.ts'
import { type AppletOptions, appletOptions } from './applet-options.ts'
import type { ShellCommand, ShellWord } from './shell-words.ts'
import { builtinsOf, busyboxApplets, shippedShell } from './shipped-shell.ts'

/** An applet that a command calls, and the BusyBox that holds it. */
interface AppletCall {
  applet: string
  path: string
  /** The words behind the applet's name. */
  words: readonly ShellWord[]
}

/** What is known of the options of one applet. */
interface KnownOptions {
  table: AppletOptions | undefined
  /** Whether the shipped BusyBox has a long option of the name; undefined where it does not tell. */
  hasName: ((name: string) => boolean) | undefined
  /** Letters that were configured in; undefined where the program does not tell. */
  letters: string | undefined
}

/** A busybox of an image: its applets, none where it does not tell them, and all its text. */
interface ReadBusybox {
  applets: ReadonlySet<string>
  content: string
}

const maxBusyboxBytes = 8 * 1024 * 1024
const read = new WeakMap<FileTree, Map<string, ReadBusybox>>()

/** Reads a busybox once, however many commands call it. */
function busyboxAt(files: FileTree, path: string): ReadBusybox {
  const known = read.get(files) ?? new Map<string, ReadBusybox>()
  read.set(files, known)
  const entry = files.findFile(path)
  const busybox = known.get(path) ?? {
    applets: busyboxApplets(files, path),
    content: (entry && files.readIfWhole(entry, 0, maxBusyboxBytes)?.toString('latin1')) ?? '',
  }
  known.set(path, busybox)
  return busybox
}

/** Options of a command that the busybox applet behind it does not have; none where the command is another program. */
export function unsupportedOptions(
  image: InspectedImage,
  command: ShellCommand,
): { option: string; program: string }[] {
  const call = appletCall(image, command)
  if (call === undefined) return []
  const { applet, words } = call
  const options = words.flatMap(({ text, raw }) => text ?? literalStart(raw))
  if (!options.some((word) => word.startsWith('-'))) return []
  return refused(words, knownOptions(image.files, call)).map((option) => ({ option, program: `busybox ${applet}` }))
}

function appletCall({ files, init, scripts }: InspectedImage, { words }: ShellCommand): AppletCall | undefined {
  const called = ['exec', 'command'].includes(words[0]?.text ?? '') ? words.slice(1) : words
  const name = called[0]?.text
  if (name === undefined || isShells(name, init)) return undefined
  const base = name.split('/').at(-1) as string
  const program = findProgram(files, name, init.searchPath)
  const shell = shippedShell(files, program ?? standaloneShell(scripts))
  if (shell?.name !== 'busybox') return undefined
  if (program === undefined) {
    const isApplet = busyboxAt(files, shell.path).applets.has(base)
    return isApplet ? { applet: base, path: shell.path, words: called.slice(1) } : undefined
  }
  if (!/^busybox/.test(base)) return { applet: base, path: shell.path, words: called.slice(1) }
  const applet = called[1]?.text
  return applet === undefined || applet.startsWith('-')
    ? undefined
    : { applet, path: shell.path, words: called.slice(2) }
}

/** What the shell does itself is no applet's. */
const isShells = (name: string, init: InspectedImage['init']): boolean =>
  builtinsOf('busybox').has(name) || init.scripts.some(({ shell }) => shell?.functions.has(name))

/** A busybox shell may be built to run its applets without looking for them (FEATURE_SH_STANDALONE). */
const standaloneShell = (scripts: InspectedImage['scripts']): string =>
  /^#!\s*(\S+)/.exec(scripts.find(({ path }) => path === '/init')?.firstLine ?? '')?.[1] ?? '/bin/sh'

function knownOptions(files: FileTree, { applet, path }: AppletCall): KnownOptions {
  const table = Object.hasOwn(appletOptions, applet) ? appletOptions[applet] : undefined
  const { applets, content } = busyboxAt(files, path)
  if (applets.size === 0) return { table, hasName: undefined, letters: undefined }
  return {
    table,
    // Names stand in the program as they are; getopt_long(3) takes any beginning of one.
    hasName: (name) => new RegExp(`\\b${name}[\\w-]*\\0`).test(content),
    letters: table?.letters?.exec(content)?.[0],
  }
}

/** The options that are refused. Operands between options do not end them, but for those that are commands (getopt(3)). */
function refused(words: readonly ShellWord[], known: KnownOptions): string[] {
  const unsupported: string[] = []
  for (let index = 0; index < words.length; index++) {
    const { text, raw } = words[index] as ShellWord
    const word = text ?? literalStart(raw)
    // An expansion without quotes may be any number of words, or none.
    if (word === '--' || (text === undefined && /^[$`]/.test(raw))) break
    if (!word.startsWith('-') || word === '-') {
      if (known.table?.runsCommand) break
      continue
    }
    const isWhole = text !== undefined
    const judged = word.startsWith('--') ? judgeLong(word, isWhole, known) : judgeShort(word, isWhole, known)
    if (judged.unsupported) unsupported.push(judged.unsupported)
    if (judged.takesNext) index++
  }
  return unsupported
}

/** What a word begins with before its first expansion, quotes taken off. */
const literalStart = (raw: string): string => (/^[^$`]*/.exec(raw)?.[0] ?? '').replace(/["']/g, '')

interface Judged {
  unsupported?: string
  takesNext: boolean
}

function judgeLong(word: string, isWhole: boolean, { table, hasName }: KnownOptions): Judged {
  const [name = ''] = word.slice(2).split('=')
  // `--ex$x` may be any name, and `-- text --` is none.
  if ((!isWhole && !word.includes('=')) || !/^\w[\w-]*$/.test(name)) return { takesNext: false }
  const isListed = table === undefined || (table.long ?? []).some((each) => each.startsWith(name))
  const isThere = hasName === undefined ? table !== undefined : hasName(name)
  const isKnown = table === undefined && hasName === undefined
  return isKnown || (isListed && isThere) ? { takesNext: false } : { unsupported: `--${name}`, takesNext: false }
}

/** Letters up to one with a value, which is the rest of the word or the next one. */
function judgeShort(word: string, isWhole: boolean, { table, letters }: KnownOptions): Judged {
  if (table === undefined) return { takesNext: false }
  const { flags, valued } = table
  for (const [index, letter] of [...word.slice(1)].entries()) {
    if (/\d/.test(letter)) return { takesNext: false }
    const isListed = (flags + valued).includes(letter)
    if (!isListed || (letters !== undefined && !letters.includes(letter)))
      return { unsupported: `-${letter}`, takesNext: false }
    if (valued.includes(letter)) return { takesNext: isWhole && index === word.length - 2 }
  }
  return { takesNext: false }
}
