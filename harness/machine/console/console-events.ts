export type ConsoleEventKind =
  | 'panic'
  | 'oops'
  | 'bug'
  | 'warning'
  | 'hung task'
  | 'soft lockup'
  | 'rcu stall'
  | 'out of memory'
  | 'segfault'
  | 'illegal instruction'
  | 'read error'

/** `fatal`: the guest cannot go on. `error`: something in it was lost. `notice`: worth showing beside a failure. */
export type ConsoleEventSeverity = 'fatal' | 'error' | 'notice'

interface ConsoleRule {
  kind: ConsoleEventKind
  severity: ConsoleEventSeverity
  pattern: RegExp
}

export interface ConsoleEvent {
  kind: ConsoleEventKind
  severity: ConsoleEventSeverity
  line: string
}

/**
 * Kernel wordings from Linux 6.1 to 6.19, in the files named; first match wins. `BUG: soft lockup` was reworded to
 * `watchdog: BUG: soft lockup` in 4.16 and both still occur.
 */
const rules: readonly ConsoleRule[] = [
  // kernel/panic.c. A program may print these words too, and a panic ends all work with its guest: they count after the
  // kernel's time stamp (kernel/printk/printk.c, print_time and print_caller), or in the words that end a panic's report.
  {
    kind: 'panic',
    severity: 'fatal',
    pattern: /\[ *\d+\.\d{6}\](?:\[[^\]]*\])* Kernel panic - not syncing|---\[ end Kernel panic - not syncing/,
  },
  // kernel/watchdog.c
  { kind: 'soft lockup', severity: 'error', pattern: /BUG: soft lockup - CPU#\d+/ },
  // arch/x86/kernel/dumpstack.c, arch/x86/mm/fault.c, arch/arm64/mm/fault.c, arch/arm64/kernel/traps.c
  { kind: 'oops', severity: 'error', pattern: /\bOops(?: - [\w ]+)?:|Internal error: |general protection fault, / },
  {
    kind: 'oops',
    severity: 'error',
    pattern: /BUG: (?:unable to handle|kernel NULL pointer|bad page)|Unable to handle kernel /,
  },
  // lib/bug.c, include/asm-generic/bug.h
  { kind: 'bug', severity: 'error', pattern: /kernel BUG at |BUG: / },
  // kernel/hung_task.c
  {
    kind: 'hung task',
    severity: 'error',
    pattern: /INFO: task .{1,64} blocked (?:for more than|on .{1,200} for more than) \d+ seconds/,
  },
  // kernel/rcu/tree_stall.h
  { kind: 'rcu stall', severity: 'error', pattern: /rcu: INFO: \w+ (?:self-)?detected (?:expedited )?stalls?/ },
  // mm/oom_kill.c
  {
    kind: 'out of memory',
    severity: 'error',
    pattern: /Out of memory: Killed process|Memory cgroup out of memory: Killed/,
  },
  // arch/x86/mm/fault.c, arch/arm64/kernel/traps.c
  {
    kind: 'segfault',
    severity: 'notice',
    pattern: /segfault at [\da-f]+ ip |\]: unhandled exception: |unhandled level \d \w+ fault \(11\)/,
  },
  // arch/x86/kernel/traps.c (do_error_trap), arch/arm64/kernel/traps.c (do_el0_undef)
  {
    kind: 'illegal instruction',
    severity: 'error',
    pattern: /traps: .+\[\d+\] trap invalid opcode ip:|\[\d+\]: undefined instruction: pc=/,
  },
  // fs/squashfs/block.c and super.c, fs/ext4/super.c, block/blk-core.c
  {
    kind: 'read error',
    severity: 'error',
    pattern: /SQUASHFS error: |EXT4-fs error |I\/O error, dev \w+|Buffer I\/O error on dev/,
  },
  // kernel/panic.c: the line that follows "cut here"
  { kind: 'warning', severity: 'notice', pattern: /WARNING: (?:CPU: \d+ PID: \d+ at |[\w/.-]+:\d+ at )/ },
]

/** The event that a console line tells of, if any. */
export function consoleEvent(line: string): ConsoleEvent | undefined {
  const rule = rules.find(({ pattern }) => pattern.test(line))
  return rule && { kind: rule.kind, severity: rule.severity, line }
}
