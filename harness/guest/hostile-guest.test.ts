import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tinyPlan } from '../../fixtures/tiny-guest/tiny-guest.ts'
import { share as shareDevice } from '../machine/devices.ts'
import { hasSandbox } from '../machine/qemu-version.ts'
import { awaitGuest, type RunningGuest, startGuest } from '../machine/start-guest.ts'
import { Lifetime } from '../platform/process/lifetime.ts'
import { removeFolder } from '../platform/process/remove-folder.ts'
import { readLeftFile } from './exchange/left-file.ts'
import { guestBusybox } from './guest-agent.ts'

/** One boot, 10 s on an idle machine. */
const bootTimeoutMs = 180_000
const marker = 'of the host, and nobody else’s'

const lifetime = new Lifetime()
afterAll(() => lifetime.end())

/** An init that leaves on its share, through QEMU, whatever may lead a careless reader astray, and says so on a console that floods. */
const hostileInit = (host: string) => `#!${guestBusybox} sh
b=${guestBusybox}
$b mount -t 9p -o trans=virtio,version=9p2000.L vpdmn_share /tmp && cd /tmp || exec $b sleep 86400
$b ln -s ${host}/secret listing
$b ln -s ${host} way
$b ln -s /proc/self/environ environment
$b ln -s /dev/zero endless
$b mkfifo pipe
$b mknod device c 1 5
$b truncate -s 1099511627776 holes
echo honest >honest
$b chmod 0 honest
name=$($b printf '%0250d' 0)
count=0
while [ $count -lt 40 ]; do $b mkdir $name && cd $name || break; count=$((count+1)); done
$b head -c 200000 /dev/zero | $b tr '\\0' '\\r'
echo x
$b yes '' | $b head -n 20000
echo
echo "all is left"
exec $b sleep 86400
`

let folder: string
let guest: RunningGuest
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hostile-guest-'))
  lifetime.defer(() => removeFolder(folder))
  for (const name of ['share', 'host']) await mkdir(join(folder, name))
  await writeFile(join(folder, 'host', 'secret'), marker)
  const plan = await tinyPlan('x86_64', folder, hostileInit(join(folder, 'host')))
  const devices = [...plan.devices, shareDevice('vpdmn_share', join(folder, 'share'), 'read-write')]
  guest = await startGuest({ ...plan, devices }, lifetime)
  const done = guest.console.lineWhere((text) => text === 'all is left')
  await awaitGuest(guest, 'the end of what the guest does', bootTimeoutMs, done)
}, bootTimeoutMs)

const read = (name: string) => readLeftFile({ share: join(folder, 'share'), name }, 1000).then(String, String)

test('a file that the guest left is read while it runs', async () => {
  // Who is not root is kept out by the mode that the guest gave it.
  expect(await read('honest')).toMatch(process.geteuid?.() === 0 ? /^honest\n$/ : /a mode that keeps this user/)
})

test.each([
  ['listing', 'a symbolic link to '],
  ['way/secret', 'a symbolic link to '],
  ['environment', 'a symbolic link to "/proc/self/environ"'],
  ['endless', 'a symbolic link to "/dev/zero"'],
  ['holes', '"holes" on the share with 1099511627776 bytes'],
])('of "%s" that it left nothing of the host is read', async (name, told) => {
  const seen = await read(name)
  expect(seen).toContain(`GuestFault: The guest left ${told}`)
  expect(seen).not.toContain(marker)
})

test.each([
  ['pipe', 'a named pipe'],
  ['device', 'a character device'],
])('of a %s that it made nothing is read: QEMU refuses to make one, or the harness to open it', async (name, kind) => {
  // Debian’s QEMU makes neither since its fix of CVE-2023-2861, and an ordinary user’s makes no device.
  expect(await read(name)).toMatch(new RegExp(`^(undefined|.*${kind} at "${name}")`))
})

test('its QEMU gains no rights, and has a filter of system calls where it was built with one', async () => {
  const status = await readFile(`/proc/${guest.pid}/status`, 'utf8')
  expect(status).toMatch(/^NoNewPrivs:\s+1$/m)
  if (await hasSandbox(guest.shape.architecture)) expect(status).toMatch(/^Seccomp:\s+2$/m)
})

test('its QEMU has no right of root but those that a share takes', async () => {
  const status = await readFile(`/proc/${guest.pid}/status`, 'utf8')
  const shareRights = 0b11011
  expect(Number.parseInt(/^CapEff:\s+(\w+)/m.exec(status)?.[1] ?? '', 16) & ~shareRights).toBe(0)
})

test('its QEMU takes no memory without an end, and leaves no core with that of its guest', async () => {
  const limits = await readFile(`/proc/${guest.pid}/limits`, 'utf8')
  expect(limits).toMatch(/^Max core file size\s+0\s+0\s/m)
  expect(limits).toMatch(/^Max data size\s+\d+\s+\d+\s/m)
})

test('its folder goes, however deep it is', async () => {
  await guest.kill()
  await removeFolder(join(folder, 'share'))
  expect(existsSync(join(folder, 'share'))).toBe(false)
})
