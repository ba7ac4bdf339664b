import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { appendFile, mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { rawSquashfs } from '../../../fixtures/static/raw-squashfs.ts'
import { findImages } from '../../image/find-images.ts'
import { projectFolder } from '../../platform/call-folder.ts'
import { Lifetime } from '../../platform/process/lifetime.ts'
import { runTool } from '../../platform/process/run-tool.ts'
import type { BitbakeOrder } from './bitbake-order.ts'
import { buildWithBitbake } from './run-bitbake.ts'

const standIn = join(projectFolder, 'fixtures', 'bitbake')
let lifetime: Lifetime
let folder: string
let buildDir: string

beforeEach(async () => {
  lifetime = new Lifetime()
  folder = await mkdtemp(join(tmpdir(), 'bitbake-'))
  buildDir = join(folder, 'build')
  await mkdir(join(buildDir, 'conf'), { recursive: true })
  await writeFile(join(buildDir, 'conf', 'local.conf'), '')
  for (const machine of ['qemux86-64', 'qemuarm64']) await writeSources(machine)
  vi.stubEnv('PATH', `${standIn}${delimiter}${process.env.PATH}`)
  vi.stubEnv('STAND_IN_SOURCES', join(folder, 'sources'))
  vi.stubEnv('STAND_IN_UID', '1000')
})
afterEach(async () => {
  await runTool('bitbake', ['-m'], { cwd: buildDir, timeoutMs: 30_000 })
  vi.unstubAllEnvs()
  await lifetime.end()
  await rm(folder, { recursive: true })
})

const source = (name: string, machine = 'qemux86-64') => join(folder, 'sources', machine, name)

async function writeSources(machine: string): Promise<void> {
  await mkdir(source('', machine), { recursive: true })
  const names = [{ name: machine, inode: 1 }]
  await writeFile(source('rootfs.squashfs', machine), rawSquashfs([{ type: 'folder', names }, { type: 'file' }]))
  await writeFile(source('kernel', machine), `kernel ${machine}`)
  await writeFile(source('initramfs.cpio.gz', machine), `initramfs ${machine}`)
}

const x86 = 'vruntime-x86-64'
const order = (fields: Partial<BitbakeOrder> = {}): BitbakeOrder => ({
  buildDir,
  recipe: 'vpdmn-rootfs-image',
  multiconfigs: [x86],
  targets: ['vpdmn-initramfs-create'],
  force: false,
  quiet: true,
  ...fields,
})
const build = (fields: Partial<BitbakeOrder> = {}, tell = (_line: string) => {}) =>
  buildWithBitbake(order(fields), lifetime, { uid: 1000, tell })
const deployedTo = (multiconfig: string, machine: string) =>
  join(buildDir, `tmp-${multiconfig}`, 'deploy', 'images', machine)
const datedImage = () => readlink(join(deployedTo(x86, 'qemux86-64'), 'vpdmn-rootfs-image-qemux86-64.rootfs.squashfs'))

/** Dated files bear seconds: what is built again in the same one has the same name. */
async function nextSecond(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  setTimeout(resolve, 1000 - (Date.now() % 1000) + 20)
  await promise
}

describe('a build', () => {
  test('returns the image of each multiconfig, with the kernel and initramfs that were deployed beside it', async () => {
    const images = await build({ multiconfigs: ['vruntime-aarch64', x86] })
    expect(images).toEqual([
      join(deployedTo('vruntime-aarch64', 'qemuarm64'), 'vpdmn-rootfs-image-qemuarm64.rootfs.squashfs'),
      join(deployedTo(x86, 'qemux86-64'), 'vpdmn-rootfs-image-qemux86-64.rootfs.squashfs'),
    ])
    const found = await findImages(images)
    const kernels = await Promise.all(found.map(({ bootFiles }) => readFile(bootFiles?.kernel ?? '', 'utf8')))
    expect(kernels).toEqual(['kernel qemuarm64', 'kernel qemux86-64'])
    expect(found.map(({ image }) => image.deployment?.stale)).toEqual([[], []])
  })

  test('finds them where the build folder’s configuration deploys', async () => {
    await appendFile(join(buildDir, 'conf', 'local.conf'), `DEPLOY_DIR = "${folder}/elsewhere"\n`)
    expect((await build())[0]).toMatch(`${folder}/elsewhere/images/qemux86-64/`)
  })

  test('of a derived recipe has the kernel and initramfs of its machine', async () => {
    const images = await build({ recipe: 'my-image', targets: ['vpdmn-tiny-initramfs-image', 'virtual/kernel'] })
    const [found] = await findImages(images)
    expect(found?.bootFiles?.kernel).toMatch(/bzImage-qemux86-64\.bin$/)
    expect(await readdir(deployedTo(x86, 'qemux86-64'))).not.toContain('vpdmn')
  })

  test('says which multiconfigs the build folder does not name, and names them for the call', async () => {
    const told: string[] = []
    const tell = (line: string) => told.push(line)
    await build({}, tell)
    expect(told).toEqual([`${buildDir} names no multiconfig ${x86}: BBMULTICONFIG has it for this call.`])
    await appendFile(join(buildDir, 'conf', 'local.conf'), `BBMULTICONFIG = "other ${x86}"\n`)
    await build({}, tell)
    expect(told).toHaveLength(1)
  })

  test('says what it waits for while bitbake parses, unless it is to be quiet', async () => {
    const told: string[] = []
    await build({ quiet: false }, (line) => told.push(line))
    expect(told[0]).toBe(`Asking bitbake where mc:${x86}:vpdmn-rootfs-image is deployed: it parses the layers first.`)
  })
})

describe('a second build', () => {
  test('leaves what did not change', async () => {
    await build()
    const before = await datedImage()
    await nextSecond()
    await build()
    expect(await datedImage()).toBe(before)
  })

  test('that is forced builds the image again', async () => {
    await build()
    const before = await datedImage()
    await nextSecond()
    await build({ force: true })
    expect(await datedImage()).not.toBe(before)
  })

  test('that is forced does so with a resident server, too, which no longer takes variables', async () => {
    vi.stubEnv('BB_SERVER_TIMEOUT', '60')
    await build()
    const before = await datedImage()
    await nextSecond()
    vi.stubEnv('VCONTAINER_FORCE_BUILD', '1')
    vi.stubEnv('BB_ENV_PASSTHROUGH_ADDITIONS', 'VCONTAINER_FORCE_BUILD')
    await build()
    expect(await datedImage()).toBe(before)
    await build({ force: true })
    expect(await datedImage()).not.toBe(before)
  })
})

describe('a build fails', () => {
  test('for a recipe that is broken, as the build’s fault, and its image is gone', async () => {
    await build()
    await writeFile(source('broken'), '')
    await expect(build()).rejects.toMatchObject({ name: 'BuildFault', message: expect.stringMatching(/exit code 1/) })
    expect(existsSync(join(deployedTo(x86, 'qemux86-64'), 'vpdmn-rootfs-image-qemux86-64.rootfs.squashfs'))).toBe(false)
  })

  test.each([
    [{ recipe: 'no-such-thing' }, /failed in .*exit code 1/],
    [{ multiconfigs: ['vruntime-riscv'] }, /failed in .*exit code 1/],
    [
      { recipe: 'vpdmn-initramfs-create' },
      /vpdmn-initramfs-create is not an image recipe: it does not set IMAGE_LINK_NAME/,
    ],
  ])('for what bitbake does not know: %j', async (fields, message) => {
    await expect(build(fields)).rejects.toMatchObject({ name: 'BuildFault', message: expect.stringMatching(message) })
  })

  test('for an image that is not packed as squashfs', async () => {
    await appendFile(join(buildDir, 'conf', 'local.conf'), 'IMAGE_FSTYPES = "ext4"\n')
    const targets = ['virtual/kernel']
    await expect(build({ targets })).rejects.toMatchObject({
      name: 'BuildFault',
      message: expect.stringMatching(/deployed no .*\.squashfs: does IMAGE_FSTYPES/),
    })
  })

  test('for root at once, in a sentence', async () => {
    const asRoot = buildWithBitbake(order(), lifetime, { uid: 0 })
    await expect(asRoot).rejects.toMatchObject({ name: 'CallFault', message: expect.stringMatching(/not run as root/) })
  })

  test('for a folder that is none of bitbake’s', async () => {
    await expect(build({ buildDir: folder })).rejects.toMatchObject({
      name: 'CallFault',
      message: expect.stringContaining('conf/local.conf'),
    })
  })

  test('without bitbake on the path, and says what to source', async () => {
    vi.stubEnv('PATH', (process.env.PATH ?? '').replace(`${standIn}${delimiter}`, ''))
    await expect(build()).rejects.toMatchObject({
      name: 'EnvironmentFault',
      message: expect.stringContaining('oe-init-build-env'),
    })
    vi.stubEnv('PATH', `${standIn}${delimiter}${process.env.PATH}`)
  })
})

/** A call of build.mjs, with what it has said so far. */
class Call {
  readonly process: ChildProcess
  said = ''

  constructor() {
    const words = ['harness/build.mjs', '--builder', 'bitbake', '--build-dir', buildDir, '--arch', 'x86_64']
    this.process = spawn(process.execPath, words, { cwd: projectFolder, env: { ...process.env, STAND_IN_UID: '1000' } })
    for (const stream of [this.process.stdout, this.process.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.said += chunk.toString()
      })
  }

  ended(): Promise<number | null> {
    return new Promise((resolve) => this.process.once('exit', resolve))
  }
}

test.runIf(process.getuid?.() === 0)('build.mjs refuses root in a sentence, with exit code 2', async () => {
  const call = new Call()
  expect(await call.ended()).toBe(2)
  expect(call.said).toMatch(/^bitbake does not run as root: run this again as the user who owns .*\n$/)
})

test('an ended lifetime interrupts bitbake once, and awaits the task that runs', async () => {
  await writeFile(source('slow'), '2')
  const building = build({ quiet: false }).catch((error: Error) => error)
  const isRunning = () => existsSync(deployedTo(x86, 'qemux86-64'))
  await expect.poll(isRunning, { timeout: 30_000 }).toBe(true)
  await lifetime.end()
  expect(await building).toMatchObject({ name: 'BuildFault' })
  expect(existsSync(join(deployedTo(x86, 'qemux86-64'), 'vpdmn'))).toBe(false)
})
