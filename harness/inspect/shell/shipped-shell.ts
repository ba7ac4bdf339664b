import { pathOf } from '../../image/squashfs/tree.ts'
import type { FileTree } from '../file-tree.ts'

export type ShellName = 'busybox' | 'dash' | 'bash'

/** A shell of the image: which program it really is. */
export interface ShippedShell {
  name: ShellName
  path: string
}

interface ShellKind {
  name: ShellName
  /** Real file names; Yocto splits busybox into two programs. */
  fileName: RegExp
}

const kinds: readonly ShellKind[] = [
  { name: 'busybox', fileName: /^busybox(\.nosuid|\.suid|-static)?$/ },
  { name: 'dash', fileName: /^dash$/ },
  { name: 'bash', fileName: /^bash([0-9.-].*)?$/ },
]

/** The shell behind an interpreter path, all links followed; undefined for one that is missing or unknown. */
export function shippedShell(files: FileTree, interpreter: string): ShippedShell | undefined {
  const entry = files.findFile(interpreter)
  const kind = entry && kinds.find(({ fileName }) => fileName.test(entry.name))
  return entry && kind && { name: kind.name, path: pathOf(entry) }
}

const shared =
  '. : [ alias bg break cd command continue echo eval exec exit export false fg getopts hash jobs kill local printf pwd read readonly return set shift test times trap true type ulimit umask unalias unset wait'
const builtins: Record<ShellName, ReadonlySet<string>> = {
  dash: new Set(`${shared} chdir`.split(' ')),
  busybox: new Set(`${shared} chdir [[ help history let source`.split(' ')),
  bash: new Set(
    `${shared} [[ bind builtin caller compgen complete compopt coproc declare dirs disown enable fc help history let logout mapfile popd pushd readarray select shopt source suspend time typeset`.split(
      ' ',
    ),
  ),
}

export const builtinsOf = (shell: ShellName): ReadonlySet<string> => builtins[shell]

/** BusyBox is at most a few megabytes. */
const maxBusyboxBytes = 8 * 1024 * 1024
const nameRun = /(?:[a-z0-9[][\w.[-]{0,30}\0){24,}/g

/**
 * Names of the applets in a busybox program: it holds them as one sorted run of NUL-terminated names (libbb/appletlib.c,
 * `applet_names`). Empty where no such run is found.
 */
export function busyboxApplets(files: FileTree, path: string): ReadonlySet<string> {
  const entry = files.findFile(path)
  if (entry === undefined || entry.inode.sizeBytes > maxBusyboxBytes) return new Set()
  const text = files.read(entry, 0, maxBusyboxBytes).toString('latin1')
  const runs = [...text.matchAll(nameRun)].map(([run]) => run.split('\0').filter((name) => name !== ''))
  const table = runs
    .filter((names) => names.includes('cat') && names.includes('sh'))
    .sort((a, b) => b.length - a.length)[0]
  return new Set(table)
}
