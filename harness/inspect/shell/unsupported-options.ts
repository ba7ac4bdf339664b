import type { InspectedImage } from '../inspect-image.ts'
import { findProgram } from '../lookup.ts'
import type { ShellCommand } from './shell-words.ts'
import { shippedShell } from './shipped-shell.ts'

/** Options of one BusyBox applet: letters without and with a value, and long options. */
interface AppletOptions {
  flags: string
  valued: string
  long?: readonly string[]
}

/**
 * What BusyBox 1.35 knows with everything configured in, for the applets that init scripts use (its usage texts and
 * getopt strings). An applet that is not listed is not judged.
 */
const applets: Readonly<Record<string, AppletOptions>> = {
  base64: { flags: 'd', valued: 'w', long: ['decode', 'wrap'] },
  cat: { flags: 'nbvteAETu', valued: '' },
  chmod: { flags: 'Rcvf', valued: '' },
  chown: { flags: 'RhLHPcvf', valued: '' },
  cp: { flags: 'arPLHpfinlsTudRv', valued: 't', long: ['parents', 'force', 'archive', 'recursive', 'reflink'] },
  date: { flags: 'Ru', valued: 'dDIrs', long: ['date', 'set', 'utc', 'universal', 'reference', 'rfc-2822'] },
  gzip: { flags: 'cfkdt123456789nqv', valued: '' },
  head: { flags: 'qv', valued: 'cn' },
  ln: { flags: 'sfnbtvT', valued: 'S' },
  mkdir: { flags: 'pv', valued: 'm', long: ['parents', 'mode', 'verbose'] },
  mktemp: { flags: 'dqtu', valued: 'p' },
  mount: {
    flags: 'afFinrsvwT',
    valued: 'oOtU',
    long: [
      'bind',
      'move',
      'rbind',
      'make-shared',
      'make-slave',
      'make-private',
      'make-unbindable',
      'make-rshared',
      'make-rslave',
      'make-rprivate',
      'make-runbindable',
      'remount',
    ],
  },
  mv: { flags: 'finTv', valued: 't', long: ['interactive', 'force', 'no-clobber', 'verbose'] },
  poweroff: { flags: 'fnw', valued: 'd' },
  readlink: { flags: 'fnvqes', valued: '' },
  reboot: { flags: 'fnw', valued: 'd' },
  rm: { flags: 'irfRv', valued: '', long: ['recursive', 'force', 'interactive'] },
  setsid: { flags: 'cfw', valued: '' },
  sleep: { flags: '', valued: '' },
  sync: { flags: 'df', valued: '' },
  tail: { flags: 'fFqv', valued: 'csn' },
  timeout: { flags: '', valued: 'ks', long: ['foreground', 'kill-after', 'signal'] },
  touch: { flags: 'acmh', valued: 'drt', long: ['no-create', 'reference', 'date', 'no-dereference'] },
  umount: { flags: 'adflrnvi', valued: 'tO' },
  uname: { flags: 'amnrspvio', valued: '' },
}

/** Options of a command that the busybox applet behind it does not have; none where the command is another program. */
export function unsupportedOptions(
  image: InspectedImage,
  command: ShellCommand,
): { option: string; program: string }[] {
  const [name, ...words] = command.words.map(({ text }) => text)
  const known = name !== undefined && Object.hasOwn(applets, name) ? applets[name] : undefined
  if (known === undefined || name === undefined || !isBusybox(image, name)) return []
  const unsupported: string[] = []
  for (let index = 0; index < words.length; index++) {
    const word = words[index]
    // What follows an expansion or the first operand cannot be told from an operand any more.
    if (word === undefined || word === '--' || !word.startsWith('-') || word === '-') break
    const judged = word.startsWith('--') ? judgeLong(word, known) : judgeShort(word, known)
    if (judged.unsupported) unsupported.push(judged.unsupported)
    if (judged.takesNext) index++
  }
  return unsupported.map((option) => ({ option, program: `busybox ${name}` }))
}

interface Judged {
  unsupported?: string
  takesNext: boolean
}

function judgeLong(word: string, { long = [] }: AppletOptions): Judged {
  const [name = ''] = word.slice(2).split('=')
  return long.includes(name) ? { takesNext: false } : { unsupported: word, takesNext: false }
}

/** Letters up to one with a value, which is the rest of the word or the next one. */
function judgeShort(word: string, { flags, valued }: AppletOptions): Judged {
  for (const [index, letter] of [...word.slice(1)].entries()) {
    if (valued.includes(letter)) return { takesNext: index === word.length - 2 }
    if (/\d/.test(letter)) return { takesNext: false }
    if (!flags.includes(letter)) return { unsupported: `-${letter}`, takesNext: false }
  }
  return { takesNext: false }
}

function isBusybox({ files, init }: InspectedImage, name: string): boolean {
  const program = findProgram(files, name, init.searchPath)
  return program !== undefined && shippedShell(files, program)?.name === 'busybox'
}
