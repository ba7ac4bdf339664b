import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { projectFolder } from '../../platform/call-folder.ts'
import { Lifetime } from '../../platform/process/lifetime.ts'
import { requireTool } from '../../platform/process/run-tool.ts'
import { buildWithBitbake } from './run-bitbake.ts'

const standIn = join(projectFolder, 'fixtures', 'bitbake')
const lifetime = new Lifetime()
let folder: string
let buildDir: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bitbake-'))
  buildDir = join(folder, 'build')
  await mkdir(join(buildDir, 'conf'), { recursive: true })
  await writeFile(join(buildDir, 'conf', 'local.conf'), '')
  for (const arch of ['x86_64', 'aarch64']) await writeBlobs(join(folder, 'blobs', arch), arch)
  vi.stubEnv('PATH', `${standIn}${delimiter}${process.env.PATH}`)
  vi.stubEnv('STAND_IN_BLOBS', join(folder, 'blobs'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await lifetime.end()
  await rm(folder, { recursive: true })
})

async function writeBlobs(to: string, content: string): Promise<void> {
  const tree = join(to, 'tree')
  await mkdir(tree, { recursive: true })
  await writeFile(join(tree, 'arch'), content)
  await requireTool('mksquashfs', [tree, join(to, 'rootfs.img'), '-quiet', '-no-progress'], { timeoutMs: 30_000 })
  await writeFile(join(to, 'kernel'), `kernel ${content}`)
  await writeFile(join(to, 'initramfs.cpio.gz'), `initramfs ${content}`)
}

describe('a build with a stand-in for bitbake', () => {
  test('returns the image of each architecture with the kernel and initramfs beside it', async () => {
    const found = await buildWithBitbake({ buildDir, architectures: ['aarch64', 'x86_64'], force: false }, lifetime)
    const kernels = await Promise.all(found.map(({ bootFiles }) => readFile(bootFiles?.kernel ?? '', 'utf8')))
    expect(kernels).toEqual(['kernel aarch64', 'kernel x86_64'])
    expect(found.map(({ image }) => image.path.slice(buildDir.length))).toEqual([
      '/tmp-vruntime-aarch64/deploy/images/qemuarm64/vpdmn-rootfs-image-qemuarm64.rootfs.squashfs',
      '/tmp-vruntime-x86-64/deploy/images/qemux86-64/vpdmn-rootfs-image-qemux86-64.rootfs.squashfs',
    ])
  })

  test('builds what is asked for and nothing else', async () => {
    await buildWithBitbake({ buildDir, architectures: ['aarch64'], force: false }, lifetime)
    await expect(
      buildWithBitbake({ buildDir: join(folder, 'blobs'), architectures: ['x86_64'], force: false }, lifetime),
    ).rejects.toMatchObject({ name: 'CallFault', message: expect.stringContaining('conf/local.conf') })
  })

  test('that fails is a fault of the environment, with its exit code', async () => {
    await rm(join(folder, 'blobs', 'x86_64', 'kernel'))
    const build = buildWithBitbake({ buildDir, architectures: ['x86_64'], force: false }, lifetime)
    await expect(build).rejects.toMatchObject({
      name: 'EnvironmentFault',
      message: expect.stringMatching(/exit code 1/),
    })
  })

  test('that deploys nothing for an architecture says where it was looked for', async () => {
    await buildWithBitbake({ buildDir, architectures: ['aarch64'], force: false }, lifetime)
    await writeFile(join(folder, 'bitbake'), '#!/bin/sh\n', { mode: 0o755 })
    vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH}`)
    const build = buildWithBitbake({ buildDir, architectures: ['x86_64'], force: false }, lifetime)
    await expect(build).rejects.toThrow(/no image for x86_64 below .*tmp-vruntime-x86-64\/deploy\/images/)
  })

  test('that is forced lets the recipe’s own switch through to bitbake', async () => {
    await writeFile(
      join(folder, 'bitbake'),
      `#!/bin/sh\necho "$VCONTAINER_FORCE_BUILD, $BB_ENV_PASSTHROUGH_ADDITIONS" >said\nexec ${standIn}/bitbake "$@"\n`,
      { mode: 0o755 },
    )
    vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH}`)
    vi.stubEnv('BB_ENV_PASSTHROUGH_ADDITIONS', 'OTHER')
    await buildWithBitbake({ buildDir, architectures: ['x86_64'], force: true }, lifetime)
    expect(await readFile(join(buildDir, 'said'), 'utf8')).toBe('1, OTHER VCONTAINER_FORCE_BUILD\n')
  })

  test('without bitbake on the path says what to source', async () => {
    vi.stubEnv('PATH', (process.env.PATH ?? '').replace(`${standIn}${delimiter}`, ''))
    const build = buildWithBitbake({ buildDir, architectures: ['x86_64'], force: false }, lifetime)
    await expect(build).rejects.toMatchObject({
      name: 'EnvironmentFault',
      message: expect.stringContaining('oe-init-build-env'),
    })
  })
})
