import { readdirSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test, vi } from 'vitest'
import { sampleBzImage } from '../../image/boot-files/sample-kernels.ts'
import { ensureAgentArchive } from '../../recipes/agent/ensure-agent-archive.ts'
import { findBootFiles } from './boot-files.ts'

const folder = await mkdtemp(join(tmpdir(), 'boot-files-'))
afterAll(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

test('with the user’s kernel and initramfs no boot kit is built, only what brings the agent', async () => {
  const beside = { kernel: join(folder, 'bzImage'), initramfs: join(folder, 'initramfs.cpio.gz') }
  await writeFile(beside.kernel, sampleBzImage('6.18.1 #1'))
  await writeFile(beside.initramfs, gzipSync('070701'))
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'))
  const found = await findBootFiles({ arch: 'x86_64', bootFiles: beside }, undefined, () => {})
  expect(found).toMatchObject({ ...beside, kernelVersion: '6.18.1', origin: 'user' })
  const [archive, joined] = [await ensureAgentArchive('x86_64'), found.agentInitramfs]
  expect(await readFile(joined)).toEqual(Buffer.concat([await readFile(archive), await readFile(beside.initramfs)]))
  expect(readdirSync(join(folder, 'cache', 'vpdmn-conformance')).toSorted()).toEqual(['agent', 'initramfs'])
}, 300_000)
