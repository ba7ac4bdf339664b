import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { requireTool } from '../../platform/process/run-tool.ts'
import type { Workloads } from '../../workloads/make-workloads.ts'
import { sampleWorkloads } from '../../workloads/sample-workloads.ts'
import { exactSteps } from '../steps.ts'
import { type MeasuredContents, writeMeasuredInitramfs } from './measured-initramfs.ts'

const folder = mkdtempSync(join(tmpdir(), 'measured-'))
afterAll(() => rmSync(folder, { recursive: true }))
const kit = join(folder, 'kit.gz')
const image = join(folder, 'image')
let workloads: Workloads
let contents: MeasuredContents

beforeAll(async () => {
  writeFileSync(kit, gzipSync('a kit whose packed length is odd').subarray(0, 47))
  writeFileSync(image, 'the image')
  workloads = await sampleWorkloads(join(folder, 'workloads'), ['alpine'])
  contents = { initramfs: kit, arch: 'aarch64', steps: exactSteps, workloads, image }
})

/** What cpio finds behind the kit. */
async function unpacked(path: string): Promise<string> {
  const bytes = readFileSync(path)
  const start = bytes.indexOf('070701')
  expect(start % 4).toBe(0)
  const tree = mkdtempSync(join(folder, 'tree-'))
  await requireTool('busybox', ['cpio', '-i', '-d', '-u'], {
    cwd: tree,
    input: bytes.subarray(start),
    timeoutMs: 30_000,
  })
  return tree
}

test('the image and what the guest runs lie behind the kit, at a multiple of four bytes', async () => {
  const tree = await unpacked((await writeMeasuredInitramfs(contents, folder)).path)
  expect(readFileSync(join(tree, 'rootfs.img'), 'utf8')).toBe('the image')
  expect(readFileSync(join(tree, 'measure/table'), 'utf8').split('\n')[0]).toBe('version GOGC=off podman version')
  const manifest = JSON.parse(
    readFileSync(join(tree, 'measure/registry/v2/vpdmn/alpine/manifests/measured.oci'), 'utf8'),
  )
  for (const { digest, size } of [manifest.config, ...manifest.layers])
    expect(readFileSync(join(tree, 'measure/registry/v2/vpdmn/alpine/blobs', digest)).length).toBe(size)
})

test('the workload’s hash does not depend on the image, but on the steps', async () => {
  const hash = async (changed: Partial<MeasuredContents>) =>
    (await writeMeasuredInitramfs({ ...contents, ...changed }, folder)).workloadSha256
  const { image: _image, ...withoutImage } = contents
  expect((await writeMeasuredInitramfs(withoutImage, folder)).workloadSha256).toBe(await hash({}))
  expect(await hash({ steps: exactSteps.slice(1) })).not.toBe(await hash({}))
})

test('podman itself reads the archive that is loaded', async () => {
  const tree = await unpacked((await writeMeasuredInitramfs(contents, folder)).path)
  const { stdout } = await requireTool(
    'skopeo',
    [
      'inspect',
      '--override-arch',
      'arm64',
      '--override-os',
      'linux',
      `oci-archive:${join(tree, 'measure/loaded.tar')}`,
    ],
    { timeoutMs: 30_000 },
  )
  expect(JSON.parse(stdout.toString()).Architecture).toBe('arm64')
})
