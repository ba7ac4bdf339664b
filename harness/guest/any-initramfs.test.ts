import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { disk } from '../machine/devices.ts'
import type { GuestPlan } from '../machine/guest-plan.ts'
import { quickShape } from '../machine/machine-shape.ts'
import { awaitMachineEnd } from '../machine/one-shot.ts'
import { awaitGuest, type RunningGuest, startGuest } from '../machine/start-guest.ts'
import { architectures } from '../model/architecture.ts'
import { Lifetime } from '../platform/process/lifetime.ts'
import { requireTool } from '../platform/process/run-tool.ts'
import { bootWithAgent, ensureAgentInitramfs } from '../recipes/agent/agent-initramfs.ts'
import { type BootKit, ensureBootKit } from '../recipes/boot-kit/boot-kit.ts'
import { writeCpio } from '../recipes/cpio-archive.ts'
import { samplePackings } from '../recipes/sample-packings.ts'
import { GuestAgent, guestBusybox } from './guest-agent.ts'
import { packFolder } from './prepare/derived-image.ts'

/** A boot takes 4 to 10 s on an idle machine. */
const bootTimeoutMs = 120_000
const testTimeoutMs = 300_000

const lifetime = new Lifetime()
afterAll(() => lifetime.end())

let folder: string
let kit: BootKit
let busybox: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'any-initramfs-'))
  lifetime.defer(() => rm(folder, { recursive: true }))
  kit = await ensureBootKit('x86_64')
  const input = gunzipSync(await readFile(kit.initramfs))
  await requireTool('busybox', ['cpio', '-id', 'bin/busybox'], { cwd: folder, input, timeoutMs: 10_000 })
  busybox = join(folder, 'bin', 'busybox')
}, testTimeoutMs)

const boot = (initramfs: string, agent: 'with agent' | 'without', devices: GuestPlan['devices'] = []) =>
  startGuest(
    {
      shape: { ...quickShape(architectures.x86_64, 'tcg'), memoryMiB: 256 },
      boot:
        agent === 'without'
          ? { kernel: kit.kernel, initramfs, parameters }
          : bootWithAgent({ ...kit, agentInitramfs: initramfs }, parameters),
      devices,
    },
    lifetime,
  )
const parameters = ['loglevel=1', 'word', 'podman_key=value']

const textsOf = ({ console }: RunningGuest): string[] => console.lines.map(({ text }) => text)

/** Tells the mounts without the sizes that the kernel derives from the memory that is free at its start. */
const tellMounts = "sed 's/size=[^,]*,nr_inodes=[^,]*,//' /proc/mounts"

/** The init of an initramfs, which tells how it was started and what it finds. */
const tellingInit = `#!/busybox sh
/busybox mkdir /proc
/busybox mount -t proc proc /proc
echo "PID $$, arguments: $*"
/busybox tr '\\0' '\\n' < /proc/1/environ | /busybox sort
/busybox ls /
/busybox ${tellMounts}
echo end
/busybox poweroff -f
/busybox sleep 1000
`

async function tellingInitramfs(packing: string): Promise<string> {
  const archive = writeCpio([
    { path: 'dev', kind: 'directory', mode: 0o755 },
    { path: 'dev/console', kind: 'character-device', mode: 0o600, major: 5, minor: 1 },
    { path: 'init', kind: 'file', mode: 0o755, contents: Buffer.from(tellingInit) },
    { path: 'busybox', kind: 'file', mode: 0o755, contents: await readFile(busybox) },
  ])
  const path = join(folder, packing)
  await writeFile(path, (await samplePackings[packing]?.(archive)) as Buffer)
  return path
}

async function told(initramfs: string, agent: 'with agent' | 'without'): Promise<string[]> {
  const guest = await boot(initramfs, agent)
  await awaitMachineEnd(guest, bootTimeoutMs)
  const texts = textsOf(guest)
  return texts.slice(0, texts.indexOf('end'))
}

test.each(Object.keys(samplePackings))(
  'an init packed with %s starts as it does without the agent: number, arguments, environment, files and mounts',
  async (packing) => {
    const initramfs = await tellingInitramfs(packing)
    const plain = await told(initramfs, 'without')
    expect(plain).toContain('PID 1, arguments: word')
    expect(plain).toContain('podman_key=value')
    expect(await told(await ensureAgentInitramfs(kit.agentArchive, initramfs), 'with agent')).toEqual(plain)
  },
  testTimeoutMs,
)

/** An image's init that tells what runs and what is mounted, without any tool of the harness. */
const imageInit = `#!/bin/busybox sh
/bin/busybox mount -t tmpfs run /run
until [ ! -e /dev/.harness ] || [ -e /dev/.harness/qga.state ]; do /bin/busybox sleep 0.1; done
echo "processes:"
for process in /proc/[0-9]*; do
  line=$({ /bin/busybox tr '\\0' ' ' < $process/cmdline; } 2> /dev/null)
  [ -z "$line" ] || echo "$line"
done
echo "mounts:"
/bin/busybox ${tellMounts}
echo "devices:"
/bin/busybox ls -1a /dev
echo "init is up"
while :; do /bin/busybox sleep 1000; done
`

async function tellingImage(): Promise<string> {
  const tree = join(folder, 'tree')
  for (const name of ['bin', 'dev', 'proc', 'run', 'sys', 'tmp']) await mkdir(join(tree, name), { recursive: true })
  await copyFile(busybox, join(tree, 'bin', 'busybox'))
  await writeFile(join(tree, 'init'), imageInit)
  await chmod(join(tree, 'init'), 0o755)
  return packFolder(tree, join(folder, 'image.squashfs'))
}

async function bootImage(image: string, initramfs: string, agent: 'with agent' | 'without'): Promise<RunningGuest> {
  const guest = await boot(initramfs, agent, [disk('rootfs', image, 'read-only')])
  await awaitGuest(
    guest,
    'init',
    bootTimeoutMs,
    guest.console.lineWhere((text) => text === 'init is up'),
  )
  return guest
}

test(
  'beside an image, the agent adds one process and one folder in /dev, and changes nothing else of what its init sees',
  async () => {
    const image = await tellingImage()
    const plain = textsOf(await bootImage(image, kit.initramfs, 'without'))
    const guest = await bootImage(image, await ensureAgentInitramfs(kit.agentArchive, kit.initramfs), 'with agent')
    const agents = (line: string) => line.startsWith('/dev/.harness/loader ') || line === '.harness'
    expect(textsOf(guest).filter(agents), textsOf(guest).join('\n')).toHaveLength(2)
    expect(textsOf(guest).filter((line) => !agents(line))).toEqual(plain)

    const agent = await GuestAgent.reach(guest, bootTimeoutMs)
    const mounts = async (process: string) =>
      (await agent.exec(guestBusybox, ['readlink', `/proc/${process}/ns/mnt`])).stdout.toString().trim()
    expect(await mounts('self')).toMatch(/^mnt:/)
    expect(await mounts('self')).toBe(await mounts('1'))
    expect((await agent.readFile('/init')).toString()).toBe(imageInit)
  },
  testTimeoutMs,
)
