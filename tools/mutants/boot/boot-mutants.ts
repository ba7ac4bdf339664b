import type { RecipeName, ScriptName } from '../../../harness/recipes/reference-image/recipe.ts'

/** One way to break the protocol of the reference image's init: a text of one of its scripts, replaced by another. */
export interface ScriptMutant {
  id: string
  /** How it comes about in life. */
  happens: string
  file: ScriptName
  /** Occurs exactly once in the file. */
  from: string
  to: string
  /** The requirements that fail on it, and no others. */
  fails: readonly string[]
  /** The recipe whose image is changed; default `fullRecipe`. */
  recipe?: RecipeName
  /** Requirements that are looked at too and must not fail; default `plainBoots`. None where every boot costs its whole bound. */
  beside?: readonly string[]
}

/** The recipe of the era that has every feature. */
export const fullRecipe: RecipeName = 'vpdmn-2026'

/** What two plain boots answer: they show that a mutant breaks nothing but what it is about. */
export const plainBoots: readonly string[] = ['BOOT-001', 'BOOT-008', 'LAN-001']

/** IDs of an area from one number to another. */
const numbered = (area: string, first: number, last: number): string[] =>
  Array.from({ length: last - first + 1 }, (_, index) => `${area}-${String(first + index).padStart(3, '0')}`)

const withoutParameter = (name: string, fails: readonly string[]): ScriptMutant => ({
  id: `without-${name}`,
  happens: 'The image is older than the parameter.',
  file: 'vcontainer-init-common.sh',
  from: `"\${prefix}_${name}="*) parameter_${name}=$value ;;`,
  to: `"\${prefix}_${name}="*) ;;`,
  fails,
})

export const bootMutants: readonly ScriptMutant[] = [
  {
    id: 'exit-code-lost',
    happens: 'A line was put between the command and the use of its status.',
    file: 'init',
    from: 'answer_text "$work_folder/output" "$status"',
    to: 'answer_text "$work_folder/output" 0',
    fails: ['BOOT-003'],
  },
  {
    id: 'exit-code-missing',
    happens: 'The last line of the answer was dropped in a merge.',
    file: 'init',
    from: 'answer_text "$work_folder/output" "$status"',
    to: 'print_output "$work_folder/output"',
    fails: ['BOOT-003'],
  },
  {
    id: 'wrong-marker',
    happens: 'A marker was renamed on one side only.',
    file: 'init',
    from: 'answer_text "$work_folder/output" "$status"',
    to: 'marker OUTPUT_BEGIN; cat "$work_folder/output"; marker OUTPUT_END; marker "EXIT_CODE=$status"',
    fails: ['BOOT-002'],
  },
  {
    id: 'state-disk-left-mounted',
    happens: 'The end of the machine was shortened to sync and reboot.',
    file: 'vcontainer-init-common.sh',
    from: 'unmount_below "$graph_root" || stop_processes_and_unmount',
    to: ':',
    fails: ['STA-005'],
  },
  {
    id: 'no-sync',
    happens: 'The end of the machine was shortened to what a watchdog does.',
    file: 'vcontainer-init-common.sh',
    from: '  cd /\n  end_engine\n  sync\n',
    // Without -n, busybox syncs by itself.
    to: '  reboot -n -f\n',
    fails: ['STA-005', 'STA-006'],
  },
  {
    id: 'auth-share-left-mounted',
    happens: 'The unmount was moved behind the command.',
    file: 'vcontainer-init-common.sh',
    from: '  return_share "$work_folder/auth"\n',
    to: '',
    fails: ['AUT-004'],
  },
  {
    id: 'auth-readable-by-all',
    happens: 'The file is copied with cp, under the usual umask.',
    file: 'vcontainer-init-common.sh',
    from: '(umask 077 && cat > /run/containers/0/auth.json)',
    to: 'cat > /run/containers/0/auth.json; chmod 644 /run/containers/0/auth.json',
    fails: ['AUT-002'],
  },
  withoutParameter('auth', ['AUT-001', 'AUT-002', 'AUT-003']),
  withoutParameter('ca', ['CRT-001']),
  withoutParameter('interactive', ['INT-001', 'INT-002', 'INT-003']),
  withoutParameter('daemon', ['BOOT-005', 'BOOT-006', 'BOOT-007', ...numbered('DMN', 1, 13)]),
  {
    id: 'delayed-allocation',
    happens: 'The state disk is mounted with the defaults of ext4.',
    file: 'vcontainer-init-common.sh',
    from: '-o nodev,nodelalloc',
    to: '-o nodev',
    fails: ['STA-009'],
  },
  {
    id: 'daemon-stops-at-errors',
    happens: 'A status was taken for the end of the loop.',
    file: 'init',
    from: '    send refuse "The line is not the base64 of a command."\n    return 0\n',
    to: '    send refuse "The line is not the base64 of a command."\n    return 1\n',
    fails: ['BOOT-007', ...numbered('DMN', 1, 8), 'DMN-013'],
  },
  {
    id: 'first-name-server-only',
    happens: 'A list is read like a single value.',
    file: 'vcontainer-init-common.sh',
    from: '  servers=$1,\n',
    to: '  servers=${1%%,*},\n',
    fails: ['LAN-007'],
  },
  {
    id: 'chatty-interactive',
    happens: 'A line for debugging was left in.',
    file: 'init',
    from: '  [ "$parameter_interactive" = 1 ] && echo 1 > /proc/sys/kernel/printk\n',
    to: '  echo "vpdmn init, version 2"\n',
    fails: ['INT-003'],
  },
  {
    id: 'store-packed-from-outside',
    happens: 'The archive is made from the root, as other tools make theirs.',
    file: 'vcontainer-init-common.sh',
    from: 'tar -C "$packed_from" -cf "$1" "$packed"',
    to: 'tar -C / -cf "$1" var/lib/containers/storage',
    fails: ['EXP-002', 'EXP-003', 'EXP-005', 'EXP-006', 'EXP-007'],
  },
]
