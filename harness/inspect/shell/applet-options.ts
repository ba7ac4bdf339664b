/** Options of one BusyBox applet: letters without and with a value, and long options. */
export interface AppletOptions {
  flags: string
  valued: string
  long?: readonly string[]
  /** True where what follows the first operand is a command with options of its own. */
  runsCommand?: boolean
  /** Begins the applet's own list of letters in the program, which tells those that were configured in. */
  letters?: RegExp
}

/**
 * What BusyBox 1.35 knows with everything configured in, for the applets that init scripts use (its usage texts and
 * getopt strings). Letters of an applet that is not listed are not judged.
 */
export const appletOptions: Readonly<Record<string, AppletOptions>> = {
  base64: { flags: 'd', valued: 'w', long: ['decode', 'wrap'] },
  cat: { flags: 'nbvteAETu', valued: '' },
  chmod: { flags: 'Rcvf', valued: '' },
  chown: { flags: 'RhLHPcvf', valued: '' },
  chroot: { flags: '', valued: '', runsCommand: true },
  cp: { flags: 'arPLHpfinlsTudRv', valued: 't', long: ['parents', 'force', 'archive', 'recursive', 'reflink'] },
  cut: { flags: 'nsD', valued: 'bcdfO', long: ['output-delimiter'] },
  date: { flags: 'Ru', valued: 'dDIrs', long: ['date', 'set', 'utc', 'universal', 'reference', 'rfc-2822'] },
  df: { flags: 'PkmhTai', valued: 'Bt' },
  dmesg: { flags: 'cr', valued: 'ns' },
  env: { flags: 'i0', valued: 'u', long: ['ignore-environment', 'unset', 'null'], runsCommand: true },
  grep: { flags: 'HhnlLoqvsrRiwFEzxc', valued: 'mABCef', long: ['color'] },
  gzip: { flags: 'cfkdt123456789nqv', valued: '' },
  head: { flags: 'qv', valued: 'cn' },
  ln: { flags: 'sfnbtvT', valued: 'S' },
  losetup: { flags: 'rPfdac', valued: 'o' },
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
  sed: {
    flags: 'nrEsz',
    valued: 'efi',
    long: ['in-place', 'regexp-extended', 'quiet', 'silent', 'expression', 'file'],
  },
  setsid: { flags: 'cfw', valued: '', runsCommand: true },
  sleep: { flags: '', valued: '' },
  stat: { flags: 'ltfLZ', valued: 'c' },
  sync: { flags: 'df', valued: '' },
  tail: { flags: 'fFqv', valued: 'csn' },
  tar: {
    flags: 'txcOopvkhjaJzZm',
    valued: 'CfTX',
    long: [
      'list',
      'extract',
      'get',
      'directory',
      'file',
      'to-stdout',
      'same-permissions',
      'preserve-permissions',
      'verbose',
      'keep-old',
      'create',
      'dereference',
      'bzip2',
      'lzma',
      'files-from',
      'exclude-from',
      'gzip',
      'xz',
      'compress',
      'touch',
      'no-recursion',
      'strip-components',
      'to-command',
      'numeric-owner',
      'no-same-permissions',
      'overwrite',
      'exclude',
      'no-same-owner',
      'auto-compress',
    ],
    letters: /txC:f:Oopvk[\w:*+]*/,
  },
  tee: { flags: 'ai', valued: '' },
  timeout: { flags: '', valued: 'ks', long: ['foreground', 'kill-after', 'signal'], runsCommand: true },
  touch: { flags: 'acmh', valued: 'drt', long: ['no-create', 'reference', 'date', 'no-dereference'] },
  umount: { flags: 'adflrnvi', valued: 'tO' },
  uname: { flags: 'amnrspvio', valued: '' },
  wc: { flags: 'cmlwL', valued: '' },
}
