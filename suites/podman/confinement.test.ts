import { expect } from 'vitest'
import { requirement } from '../../harness/run/requirement-test.ts'
import { sharedGuest, sharedInFile } from '../../harness/run/shared-in-file.ts'
import { mustRunIn } from './alpine-run.ts'
import { longTimeoutMs } from './bounds.ts'
import { isPodmanSince } from './era.ts'

const guest = sharedGuest('pulled')

const sh = (script: string): readonly string[] => ['sh', '-c', script]
const run = async (script: string, options: readonly string[] = []) =>
  mustRunIn(await guest(), { options, command: sh(script) })

/** The process status of a container's first process (proc(5), /proc/PID/status). */
async function statusOf(options: readonly string[] = []): Promise<Record<string, string>> {
  const lines = (await run('cat /proc/self/status', options)).split('\n')
  return Object.fromEntries(lines.map((line) => line.split(/:\s*/) as [string, string]))
}

/** Several requirements look at one container without options. */
const plainStatus = sharedInFile(() => statusOf())

/**
 * CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, SETGID, SETUID, SETPCAP, NET_BIND_SERVICE, SYS_CHROOT, SETFCAP
 * (containers.conf(5), default_capabilities; numbers of linux/capability.h).
 */
const defaultCapabilities = [0, 1, 3, 4, 5, 6, 7, 8, 10, 18, 31]
/** MKNOD, NET_RAW, AUDIT_WRITE: podman's own defaults had them up to 4.3 (containers/common, commit f39f2a3). */
const formerCapabilities = [13, 27, 29]
const netAdmin = 12

const capabilitySet = (mask: string | undefined): number[] => {
  const bits = BigInt(`0x${mask ?? '0'}`)
  return Array.from({ length: 64 }, (_unused, bit) => bit).filter((bit) => (bits >> BigInt(bit)) & 1n)
}

requirement('CNF-005', longTimeoutMs, async () => {
  const former = (await isPodmanSince(await guest(), '4.4')) ? [] : formerCapabilities
  const promised = [...defaultCapabilities, ...former]
  const extra = capabilitySet((await plainStatus()).CapBnd).filter((bit) => !promised.includes(bit))
  expect(extra, 'numbers of capabilities beyond the default ones').toEqual([])
  expect((await plainStatus()).CapEff, 'effective capabilities of root').toBe((await plainStatus()).CapBnd)
})

requirement('CNF-006', longTimeoutMs, async () => {
  const { CapEff } = await statusOf(['--cap-drop=all', '--cap-add=NET_ADMIN'])
  expect(capabilitySet(CapEff), 'capabilities with --cap-drop=all --cap-add=NET_ADMIN').toEqual([netAdmin])
})

requirement('CNF-007', longTimeoutMs, async () => {
  expect((await plainStatus()).Seccomp, 'Seccomp of /proc/self/status; 2 is a filter').toBe('2')
  // Refused by the filter even to those who have the capability; without it, by the kernel, since the file is no swap.
  const swap = 'busybox swapon /etc/passwd 2>&1'
  const options = ['--cap-add=SYS_ADMIN']
  const answer = (added: readonly string[] = []) => run(`${swap} || :`, [...options, ...added])
  expect(await answer(), 'swapon under the filter').toMatch(/Operation not permitted/)
  expect(await answer(['--security-opt=seccomp=unconfined']), 'swapon without the filter').toMatch(/Invalid argument/)
})

requirement('CNF-008', longTimeoutMs, async () => {
  const { CapEff, Seccomp } = await statusOf(['--privileged'])
  const guestHas = await (await guest()).agent.mustShell('grep CapBnd /proc/1/status')
  expect(CapEff, 'capabilities of a privileged container').toBe(guestHas.trim().split(/\s+/)[1])
  expect(Seccomp, 'Seccomp of /proc/self/status; 0 is none').toBe('0')
})

requirement('CNF-009', longTimeoutMs, async () => {
  expect((await plainStatus()).NoNewPrivs, 'NoNewPrivs without the option').toBe('0')
  expect((await statusOf(['--security-opt=no-new-privileges'])).NoNewPrivs, 'NoNewPrivs with it').toBe('1')
})

requirement('CNF-010', longTimeoutMs, async () => {
  // "h" only lists what there is, where it is not refused; "b" would take the guest from all further tests.
  const script = `echo 1 > /proc/sys/kernel/printk || echo sysctl refused
    echo h > /proc/sysrq-trigger || echo sysrq refused
    echo 1 > /sys/kernel/mm/ksm/run || echo sysfs refused
    [ "$(head -c 16 /proc/kcore | wc -c)" = 0 ] && echo kcore empty
    mount -t tmpfs none /mnt || echo mount refused`
  const expected = ['sysctl refused', 'sysrq refused', 'sysfs refused', 'kcore empty', 'mount refused']
  expect((await run(`mkdir -p /mnt; ${script}`)).split('\n'), 'what the kernel refuses a container').toEqual(expected)
})

requirement('CNF-011', longTimeoutMs, async () => {
  const standard = 'console core fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero'.split(
    ' ',
  )
  const extra = (await run('ls /dev')).split('\n').filter((name) => !standard.includes(name))
  expect(extra, 'names in /dev beyond the standard ones').toEqual([])
  const node = 'mknod /tmp/disk b 254 0 && head -c 1 /tmp/disk > /dev/null && echo readable || echo refused'
  expect(await run(node), 'the guest’s first disk through a node of its own').toBe('refused')
})

requirement('CNF-012', longTimeoutMs, async () => {
  expect(await run('echo $$; ls /proc | grep -c "^[0-9]"'), 'own number, and number of processes').toMatch(/^1\n[1-4]$/)
})

requirement('CNF-013', longTimeoutMs, async () => {
  const options = ['--uidmap=0:100000:70000', '--gidmap=0:100000:70000']
  const printed = await run('cat /proc/self/uid_map; stat -c %u:%g /bin/busybox', options)
  expect(printed.split(/\s+/), 'user map, and owner of a file of the image').toEqual(['0', '100000', '70000', '0:0'])
})
