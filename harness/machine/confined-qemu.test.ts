import { existsSync, readFileSync, statSync } from 'node:fs'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { architectures } from '../model/architecture.ts'
import { Lifetime } from '../platform/process/lifetime.ts'
import { requireTool, runTool } from '../platform/process/run-tool.ts'
import { confinedQemu, confinementText, sandboxGaps } from './confined-qemu.ts'
import { closedNetwork, type Device, disk, share } from './devices.ts'
import { quickShape } from './machine-shape.ts'
import { hasSandbox } from './qemu-version.ts'
import { viewObstacle } from './qemu-view.ts'
import { startGuest } from './start-guest.ts'

const { x86_64 } = architectures
const shape = quickShape(x86_64, 'tcg')
const forward = { guestAddress: '10.0.2.100', guestPort: 443, hostPort: 1 }
const isRoot = process.getuid?.() === 0
const withSandbox = await hasSandbox(x86_64)
const withView = (await viewObstacle(x86_64)) === undefined

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'confined, qemu-'))
  for (const name of ['own', 'share', 'other']) await mkdir(join(folder, name))
  for (const name of ['image', 'state', 'other/secret'])
    await writeFile(join(folder, name), 'contents', { mode: 0o600 })
})
afterAll(() => rm(folder, { recursive: true }))

const devicesOf = (): Device[] => [
  disk('rootfs', join(folder, 'image'), 'read-only'),
  disk('state', join(folder, 'state'), 'write-through'),
  share('share', join(folder, 'share'), 'read-write'),
]

const commandOf = async (devices: readonly Device[]) =>
  (await confinedQemu({ shape, devices }, join(folder, 'own'))).command

test.runIf(withSandbox)('a machine without a forward starts no process and gains no right', async () => {
  const command = (await commandOf([...devicesOf(), closedNetwork([])])).join(' ')
  expect(command).toMatch(/ -sandbox on,.*elevateprivileges=deny,spawn=deny/)
})

test.runIf(withSandbox)('one with a forward may start its helper, and has the other rules', async () => {
  expect((await commandOf([closedNetwork([forward])])).join(' ')).toMatch(
    / -sandbox on,obsolete=deny,.*spawn=allow,resourcecontrol=deny/,
  )
})

test('the helper of a forward writes no file, opens few, and takes little memory', async () => {
  const [, helper = ''] = /-cmd:(.+) TCP:127/.exec(closedNetwork([forward]).join(' ')) ?? []
  const [tool = '', ...args] = helper.replace('socat -', 'cat /proc/self/limits').split(' ')
  const { stdout } = await requireTool(tool, args, { timeoutMs: 10_000 })
  const limits = stdout.toString('utf8')
  for (const limit of [
    /file size +0 /,
    /core file size +0 /,
    /data size +67108864 /,
    /open files +16 /,
    /processes +0 /,
  ])
    expect(limits).toMatch(limit)
})

/** What a shell in QEMU's place sees and can do. */
async function inItsPlace(script: string, devices: readonly Device[] = devicesOf()): Promise<string> {
  const command = await commandOf(devices)
  const [tool = '', ...args] = [...command.slice(0, command.indexOf(x86_64.emulator)), 'sh', '-c', script]
  return (await runTool(tool, args, { timeoutMs: 20_000, cwd: folder })).stdout.toString('utf8').trim()
}

test('its memory is bounded by what its guest has and some of its own', async () => {
  const limits = await inItsPlace('cat /proc/self/limits')
  expect(limits).toMatch(new RegExp(`data size +${(shape.memoryMiB + 3072) * 1024 ** 2} `))
  expect(limits).toMatch(/core file size +0 /)
})

test.runIf(isRoot)('it is not root, and has four of root’s rights: those of owners and modes', async () => {
  const status = await inItsPlace('cat /proc/self/status')
  expect(Number(/^Uid:\s+(\d+)/m.exec(status)?.[1])).toBeGreaterThan(60_000)
  // Bits of chown, dac_override, fowner and fsetid: 0, 1, 3 and 4 (linux/capability.h).
  for (const set of ['CapPrm', 'CapEff', 'CapBnd']) expect(status).toMatch(new RegExp(`^${set}:\\s+0*1b$`, 'm'))
})

test.runIf(isRoot)('owners and modes that guests give their files are those on the host', async () => {
  const file = join(folder, 'share', 'given')
  await inItsPlace(`echo x >'${file}'; chown 1234:567 '${file}'; chmod 4751 '${file}'`)
  const { uid, gid, mode } = statSync(file)
  expect([uid, gid, mode & 0o7777]).toEqual([1234, 567, 0o4751])
})

describe.runIf(withView)('in its view', () => {
  test('are the files of its guest as the guest may use them, and no other file of the host', async () => {
    const at = (name: string) => `'${join(folder, name)}'`
    expect(await inItsPlace(`ls ${at('')}`)).toBe('image\nown\nshare\nstate')
    expect(
      await inItsPlace(
        'ls -A /etc /root /home /var /sys 2>/dev/null | grep -v -e "^/etc:$" -e ld.so.cache -e alternatives',
      ),
    ).toBe('')
    const write = (name: string) => inItsPlace(`echo written 2>/dev/null >${at(name)} && echo yes || echo no`)
    expect([await write('image'), await write('new'), await write('../new')]).toEqual(['no', 'no', 'no'])
    expect([await write('state'), await write('share/new'), await write('own/new')]).toEqual(['yes', 'yes', 'yes'])
    for (const path of ['/new', '/dev/new', '/usr/new', '/proc/sys/kernel/core_pattern', '/proc/sysrq-trigger'])
      expect(await inItsPlace(`echo h 2>/dev/null >${path} && echo yes || echo no`), path).toBe('no')
  })

  test('is a file that a link in a folder of its names, where the link leads', async () => {
    const link = join(folder, 'share', 'link')
    await symlink(join(folder, 'image'), link)
    expect(await inItsPlace(`cat '${link}'`, [...devicesOf().slice(1), disk('linked', link, 'read-only')])).toBe(
      'contents',
    )
  })

  test('is no other process, and without a forward no network', async () => {
    expect(await inItsPlace(`[ -e /proc/${process.pid}/exe ] && readlink /proc/${process.pid}/exe`)).toBe('')
    const links = 'tail -n +3 /proc/net/dev | cut -d : -f 1 | tr -d " "'
    expect(await inItsPlace(links)).toBe('lo')
    const network = readFileSync('/proc/net/dev', 'utf8').split('\n').length
    expect(await inItsPlace('wc -l </proc/net/dev', [closedNetwork([forward])])).toBe(String(network - 1))
  })
})

test('a machine that was started is that of QEMU alone, and nothing of it is left when it was killed', async () => {
  const lifetime = new Lifetime()
  process.env.SECRET_OF_THE_HOST = 'secret'
  const guest = await startGuest(
    { shape: { ...shape, memoryMiB: 64 }, devices: devicesOf(), options: ['-S'] },
    lifetime,
  )
  delete process.env.SECRET_OF_THE_HOST
  const of = (name: string) => readFileSync(`/proc/${guest.pid}/${name}`, 'utf8')
  expect(of('comm')).toMatch(/^qemu-system/)
  expect(of('environ')).not.toContain('SECRET')
  expect(of('status')).toMatch(/^NoNewPrivs:\s+1$/m)
  expect(existsSync(guest.scratchFolder)).toBe(true)
  // What a guest that broke out leaves there: deeper than a path can be (PATH_MAX, limits.h).
  const deep = `cd -P "$0" && n=$(printf %0250d 0) && for i in $(seq 20); do mkdir $n && cd -P $n || exit 1; done`
  await requireTool('sh', ['-c', deep, guest.scratchFolder], { timeoutMs: 10_000 })
  await guest.kill()
  expect([`/proc/${guest.pid}`, guest.scratchFolder].filter((path) => existsSync(path))).toEqual([])
  expect((await guest.ended).reason).toBe('stopped by the harness')
})

test('a report says in words what is in force, and shouts what is not', async () => {
  const text = await confinementText(x86_64)
  expect(text).toMatch(withSandbox ? /\ba filter of system calls; / : /^NO filter/)
  expect(text).toMatch(withView ? /; a view of its guest’s files/ : /NO view of its own, .*: bubblewrap/)
  expect(text).toMatch(isRoot ? /; runs as (?:a user of its own|nobody|root),? / : /; runs as the ordinary user/)
})

test('with the sandbox switched off it has its bound of memory alone, and the report shouts that', async () => {
  vi.stubEnv('VPDMN_CONFORMANCE_NO_SANDBOX', 'yes')
  try {
    const { command, hasView } = await confinedQemu({ shape, devices: devicesOf() }, join(folder, 'own'))
    expect([command.join(' '), hasView]).toEqual([expect.stringMatching(/^prlimit --core=0 --data=\d+ -- qemu/), false])
    expect(await confinementText(x86_64)).toMatch(/^NO sandbox, as --no-sandbox asks, .*; a bound of memory$/)
    expect(await sandboxGaps(x86_64)).toHaveLength(1)
  } finally {
    vi.unstubAllEnvs()
  }
})
