import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { projectFolder } from '../../platform/call-folder.ts'
import { type ConsoleEventKind, consoleEvent } from './console-events.ts'

/**
 * Consoles of guests that were made to crash: KERNEL-ARCHITECTURE-CRASH.log, the last 70 lines of each. The oops is one
 * that came by itself.
 */
const corpus = join(projectFolder, 'fixtures', 'console')
const logs = readdirSync(corpus)

/** What each crash is to be told as, in this order. */
const expectedKinds: Record<string, ConsoleEventKind[]> = {
  'panic-sysrq': ['panic'],
  'panic-init-exits': ['panic'],
  'out-of-memory': ['out of memory'],
  segfault: ['segfault'],
  'hung-task': ['hung task'],
  'ext4-error': ['read error'],
  'disk-error': ['read error'],
  'squashfs-error': ['read error', 'panic'],
  oops: ['oops', 'panic'],
}

describe('the consoles of real crashes', () => {
  test('are of several kernels, both architectures and every crash', () => {
    expect(new Set(logs.map((log) => log.split('.')[0]))).toEqual(new Set(['6', '7']))
    expect(new Set(logs.map((log) => log.split('-')[1]))).toEqual(new Set(['x86_64', 'aarch64']))
    expect(new Set(logs.map(crashOf))).toEqual(new Set(Object.keys(expectedKinds)))
  })

  test.each(logs)('%s', (log) => {
    const lines = readFileSync(join(corpus, log), 'utf8').split('\n')
    const kinds = lines.flatMap((line) => consoleEvent(line)?.kind ?? [])
    expect([...new Set(kinds)]).toEqual(expectedKinds[crashOf(log)])
  })
})

const crashOf = (log: string): string => log.replace(/^[\d.]+-(x86_64|aarch64)-/, '').replace('.log', '')

/** Wordings of crashes that no guest can be made to have at will, as the kernel's sources format them. */
test.each([
  ['watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [swapper/1:0]', 'soft lockup', 'error'],
  ['BUG: kernel NULL pointer dereference, address: 0000000000000008', 'oops', 'error'],
  ['BUG: unable to handle page fault for address: ffffffffdeadbeef', 'oops', 'error'],
  ['Unable to handle kernel NULL pointer dereference at virtual address 0000000000000000', 'oops', 'error'],
  ['Internal error: Oops: 0000000096000004 [#1] SMP', 'oops', 'error'],
  ['kernel BUG at mm/slub.c:448!', 'bug', 'error'],
  ['BUG: sleeping function called from invalid context at kernel/locking/mutex.c:283', 'bug', 'error'],
  ['INFO: task podman:231 blocked for more than 120 seconds.', 'hung task', 'error'],
  [
    'INFO: task podman:231 blocked on a mutex likely owned by task crun:232 for more than 120 seconds.',
    'hung task',
    'error',
  ],
  ['rcu: INFO: rcu_preempt self-detected stall on CPU', 'rcu stall', 'error'],
  ['rcu: INFO: rcu_sched detected stalls on CPUs/tasks:', 'rcu stall', 'error'],
  ['Memory cgroup out of memory: Killed process 77 (sleep) total-vm:4kB', 'out of memory', 'error'],
  ['init[1]: unhandled level 3 translation fault (11) at 0x00000000, esr 0x92000007', 'segfault', 'notice'],
  ['WARNING: CPU: 0 PID: 1 at net/core/dev.c:1234 netif_rx+0x10/0x20', 'warning', 'notice'],
  ['WARNING: net/core/dev.c:1234 at netif_rx+0x10/0x20, CPU#0: swapper/0/1', 'warning', 'notice'],
])('%s', (line, kind, severity) => {
  expect(consoleEvent(`[    1.000000] ${line}`)).toMatchObject({ kind, severity })
})

test.each([
  '[   16.261689] Kernel panic - not syncing: sysrq triggered crash',
  '[   16.261689][    T1] Kernel panic - not syncing: sysrq triggered crash',
  '<0>[   16.261689] Kernel panic - not syncing: sysrq triggered crash',
  '~ # echo c > /proc/sysrq-trigge[16.261689] Kernel panic - not syncing: sysrq triggered crash',
  // A kernel without time stamps (CONFIG_PRINTK_TIME) ends its report so.
  '---[ end Kernel panic - not syncing: sysrq triggered crash ]---',
])('a panic: %s', (line) => expect(consoleEvent(line)).toMatchObject({ kind: 'panic', severity: 'fatal' }))

test.each([
  'Run /init as init process',
  'Kernel panic - not syncing',
  '/root # echo "Kernel panic - not syncing: sysrq triggered crash"',
  '[12:00:00] Kernel panic - not syncing: a line of some log',
  'EXT4-fs (vdb): mounted filesystem 153ffc82-80aa-4a40-a584-943ffd4b4952 ro with ordered data mode.',
  'clocksource: Watchdog remote CPU 1 read timed out',
  'oops, a program said so',
])('no event: %s', (line) => expect(consoleEvent(line)).toBeUndefined())
