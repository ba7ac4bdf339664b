import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { projectFolder } from '../call/call-folder.ts'
import { CallFault } from '../faults.ts'
import type { BootFiles } from '../image/image-file.ts'
import { requireTool } from '../process/run-tool.ts'
import { heldInit, writeHeldInitramfs } from './held-initramfs.ts'

const folder = mkdtempSync(join(tmpdir(), 'held-'))
afterAll(() => rmSync(folder, { recursive: true }))

const initramfs = join(folder, 'initramfs')
writeFileSync(initramfs, 'xyz')
const boot: BootFiles = { arch: 'x86_64', kernel: '/kernel', kernelVersion: '6.12', initramfs, origin: 'kit' }

test('the kit’s init waits before its last step, and is a script all the same', async () => {
  const held = heldInit(readFileSync(join(projectFolder, 'fixtures', 'boot-kit', 'init'), 'utf8'))
  expect(held).toMatch(/while \[ ! -e .*released" \]; do sleep 0\.2; done\n {2}exec switch_root /)
  await requireTool('busybox', ['sh', '-n'], { timeoutMs: 10_000, input: held })
})

test('it follows the kit’s archive, at a multiple of four bytes', async () => {
  const written = readFileSync(await writeHeldInitramfs(boot, folder))
  expect(written.subarray(0, 4).toString()).toBe('xyz\0')
  expect(written.subarray(4, 10).toString()).toBe('070701')
  expect(written.toString()).toContain('is held')
})

test('the init of a user’s initramfs is not known', async () => {
  await expect(writeHeldInitramfs({ ...boot, origin: 'user' }, folder)).rejects.toThrow(CallFault)
})
