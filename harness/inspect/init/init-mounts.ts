import type { FileTree } from '../file-tree.ts'
import type { ShellCommand } from '../shell/shell-words.ts'
import { constantsOf, expandConstants, type InitScripts } from './init-scripts.ts'

/** A file system that init mounts. */
export interface InitMount {
  /** Undefined where it is computed. */
  target: string | undefined
  type: string | undefined
  options: string
  /** File that says so. */
  path: string
}

const tablePath = '/etc/fstab'

/** What init mounts by its own commands, and by /etc/fstab where it runs `mount -a`; those with the option `noauto` left out. */
export function initMounts(init: InitScripts, files: FileTree): InitMount[] {
  const commands = init.scripts.flatMap(({ path, shell }) => {
    const constants = shell ? constantsOf(shell) : new Map<string, string>()
    return (shell?.commands ?? []).flatMap((command) => {
      const words = mountWords(command)
      return words === undefined ? [] : [{ path, words, constants }]
    })
  })
  const readsTable = commands.some(({ words }) => words.some(({ text }) => text === '-a'))
  const own = commands.filter(({ words }) => !isWrapper(words) && words.length > 0)
  return [
    ...own.map(({ path, words, constants }) => ({ path, ...commandMount(words, constants) })),
    ...(readsTable ? tableMounts(files.text(tablePath) ?? '') : []),
  ]
}

type Words = ShellCommand['words']

/** The arguments of mount, however it is called. */
function mountWords({ words }: ShellCommand): Words | undefined {
  const names = words.slice(0, 2).map(({ text }) => text?.split('/').at(-1))
  if (names[0] === 'mount') return words.slice(1)
  return names[0] === 'busybox' && names[1] === 'mount' ? words.slice(2) : undefined
}

/** A function that hands its arguments on mounts nothing of its own. */
const isWrapper = (words: Words): boolean => words.some(({ raw }) => raw === '"$@"' || raw === '$@')

function commandMount(words: Words, constants: ReadonlyMap<string, string>): Omit<InitMount, 'path'> {
  const valueBehind = (option: string) => words[words.findIndex(({ text }) => text === option) + 1]
  const hasWord = (option: string) => words.some(({ text }) => text === option)
  const target = words.at(-1)
  return {
    target: target && expandConstants(target.raw, constants)?.replace(/(?<=.)\/$/, ''),
    type: hasWord('-t') ? valueBehind('-t')?.text : undefined,
    options: [hasWord('-o') ? (valueBehind('-o')?.raw ?? '') : '', ...(hasWord('-r') ? ['ro'] : [])].join(','),
  }
}

const tableMounts = (text: string): InitMount[] =>
  text.split('\n').flatMap((line) => {
    const [, target, type, options = ''] = line.replace(/#.*/, '').trim().split(/\s+/)
    return target?.startsWith('/') && !options.split(',').includes('noauto')
      ? [{ target, type, options, path: tablePath }]
      : []
  })

/** The mount that a folder lies in: the deepest above it, of several on one folder the last, which covers the others. */
export function mountAbove(mounts: readonly InitMount[], folder: string): InitMount | undefined {
  const above = mounts.filter(({ target }) => target && (folder === target || folder.startsWith(`${target}/`)))
  return above.sort((a, b) => (a.target?.length ?? 0) - (b.target?.length ?? 0)).at(-1)
}

/** Whether a mount has an option, however its list is quoted; of opposites the last counts (mount(8)). */
export function hasOption({ options }: InitMount, name: string): boolean {
  const opposite = { ro: 'rw', noexec: 'exec' }[name]
  const words = options.split(/[,"']/)
  return words.lastIndexOf(name) > (opposite === undefined ? -1 : words.lastIndexOf(opposite))
}

const units: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }

/** The size that a tmpfs is given in bytes; undefined without one, or for a part of the memory (tmpfs(5), size). */
export function sizeLimit({ options }: InitMount): number | undefined {
  const [, amount, unit = ''] = /(?:^|[,"'])size=(\d+)([kmg]?)(?:$|[,"'])/i.exec(options) ?? []
  return amount === undefined ? undefined : Number(amount) * (units[unit.toLowerCase()] ?? 1)
}

/** The number of inodes that a tmpfs is given; undefined without one, and for any number (tmpfs(5), nr_inodes). */
export function inodeLimit({ options }: InitMount): number | undefined {
  const [, amount, unit = ''] = /(?:^|[,"'])nr_inodes=(\d+)([kmg]?)(?:$|[,"'])/i.exec(options) ?? []
  const limit = amount === undefined ? undefined : Number(amount) * (units[unit.toLowerCase()] ?? 1)
  return limit === 0 ? undefined : limit
}
