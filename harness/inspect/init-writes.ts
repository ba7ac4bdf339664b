import { type InitMount, mountAbove } from './init/init-mounts.ts'
import { constantsOf, expandConstants } from './init/init-scripts.ts'
import type { InspectedImage } from './inspect-image.ts'
import { linkTarget } from './path-resolution.ts'
import type { ShellCommand, ShellWord } from './shell/shell-words.ts'

/** A file that init writes, by a name that is known without running it. */
export interface InitWrite {
  /** The script, and the line in it. */
  path: string
  line: number
  target: string
}

/** Commands that make files at their last operand, and those that make one at each. */
const lastOperand = ['cp', 'mv', 'ln']
const eachOperand = ['tee', 'touch']

/**
 * What commands of init write whatever happens; what it provides for failing (`||`, conditions) is left out.
 * @param targetsOf what a command writes; `expand` gives the words whose value is known without running it.
 */
export function writesBy(
  { init }: InspectedImage,
  targetsOf: (command: ShellCommand, expand: (words: readonly ShellWord[]) => string[]) => readonly string[],
): InitWrite[] {
  return init.scripts.flatMap(({ path, shell }) => {
    const constants = shell ? constantsOf(shell) : new Map<string, string>()
    const expand = (words: readonly ShellWord[]) => words.flatMap(({ raw }) => expandConstants(raw, constants) ?? [])
    return (shell?.commands ?? [])
      .filter(({ mayFail }) => !mayFail)
      .flatMap((command) => targetsOf(command, expand).map((target) => ({ path, line: command.line, target })))
  })
}

export const initWrites = (image: InspectedImage): InitWrite[] =>
  writesBy(image, (command, expand) => expand(targetsOf(command)).filter((target) => target.startsWith('/')))

/** The name of the program that a command calls. */
export const programOf = ({ words }: ShellCommand): string => words[0]?.text?.split('/').at(-1) ?? ''

function targetsOf(command: ShellCommand): ShellWord[] {
  const name = programOf(command)
  const { words, writes } = command
  const operands = words.slice(1).filter(({ raw }) => !raw.startsWith('-'))
  if (eachOperand.includes(name)) return [...writes, ...operands]
  const last = operands.at(-1)
  return lastOperand.includes(name) && operands.length > 1 && last ? [...writes, last] : writes
}

/** Where a write ends up: links in the last place lead on, also to what is not there yet (open(2), O_CREAT). */
export function writtenPath({ files }: InspectedImage, target: string): string {
  let path = target
  for (let count = 0; count < maxLinks; count++) {
    const { entry } = files.resolve(path, { followLast: false })
    if (entry?.inode.kind !== 'symlink') return path
    const next = linkTarget(entry)
    path = normalized(next.startsWith('/') ? next : `${folderOf(realPath(files, path))}/${next}`)
  }
  return path
}

const maxLinks = 40
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/'

/** The path with the links of its folders followed, as far as they are there. */
function realPath(files: InspectedImage['files'], path: string): string {
  const folder = files.resolve(folderOf(path))
  return folder.entry ? `${folder.path.replace(/\/$/, '')}/${path.slice(path.lastIndexOf('/') + 1)}` : path
}

function normalized(path: string): string {
  const names: string[] = []
  for (const name of path.split('/')) {
    if (name === '..') names.pop()
    else if (name !== '' && name !== '.') names.push(name)
  }
  return `/${names.join('/')}`
}

/** File systems that are empty when they are mounted. */
const emptyTypes = ['tmpfs', 'ramfs']
/** Folders whose content the kernel makes. */
const kernelFolders = /^\/(proc|sys|dev)(\/|$)/

/** Why a folder is not there when init writes into it, to follow "whose folder"; undefined where it is, or may be. */
export function missingFolder(image: InspectedImage, mounts: readonly InitMount[], path: string): string | undefined {
  const { files } = image
  const real = files.resolve(folderOf(path))
  const folder = real.entry ? real.path : folderOf(path)
  if (kernelFolders.test(folder) || isMade(image, folder) || isLookedFor(image, folder, path)) return undefined
  const mount = mountAbove(mounts, folder)
  if (mount !== undefined && !emptyTypes.includes(mount.type ?? '')) return undefined
  if (real.entry === undefined && mount?.target !== folder)
    return `${folder} is not in the image, and init does not make it`
  if (mount === undefined || mount.target === folder) return undefined
  return `${folder} is hidden by the ${mount.type} that init mounts on ${mount.target}, and init does not make it there`
}

/** Init makes it by name, as a parent of another, by a loop over names that has it, or as the folder of what it writes. */
function isMade({ init }: InspectedImage, folder: string): boolean {
  return init.scripts.some(({ shell }) => {
    const constants = shell ? constantsOf(shell) : new Map<string, string>()
    const made = (shell?.commands ?? []).flatMap(madeFolders)
    const names = made.map(({ raw }) => expandConstants(raw, constants))
    if (names.some((name) => name === folder || name?.startsWith(`${folder}/`))) return true
    if (made.some(({ raw }) => /%\/\*|dirname/.test(raw))) return true
    return names.includes(undefined) && namesWhole(init.scripts, folder)
  })
}

/** The words of a command that name folders which it makes. */
function madeFolders({ words }: ShellCommand): ShellWord[] {
  const [first, ...others] = words[0]?.text?.endsWith('busybox') ? words.slice(1) : words
  const name = first?.text?.split('/').at(-1)
  const isWhole = others.some(({ text }) => /^-\w*[arR]/.test(text ?? ''))
  if (name === 'cp' && isWhole) return others.slice(-1)
  return name === 'mkdir' || (name === 'install' && others.some(({ text }) => text === '-d')) ? others : []
}

/** Some line has the folder, or one below it, as a word of its own. */
function namesWhole(scripts: InspectedImage['init']['scripts'], folder: string): boolean {
  const escaped = folder.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const whole = new RegExp(`(^|[\\s"'=:;])${escaped}(?=$|[\\s"';:&|)])`, 'm')
  return scripts.some(({ text }) => whole.test(text.replace(/(^|\s)#.*$/gm, '$1')))
}

/** Init looks whether the folder or the file is there, and does what it does then. */
function isLookedFor({ init }: InspectedImage, folder: string, path: string): boolean {
  return init.scripts.some(({ shell }) =>
    shell?.commands.some(
      ({ words }) =>
        ['[', '[[', 'test'].includes(words[0]?.text ?? '') &&
        words.some(
          ({ text }) => text === folder || text === path || (text !== undefined && folder.startsWith(`${text}/`)),
        ),
    ),
  )
}
