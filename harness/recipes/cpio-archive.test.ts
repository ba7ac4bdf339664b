import { mkdtemp, readFile, readlink, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { requireTool } from '../platform/process/run-tool.ts'
import { type CpioEntry, writeCpio } from './cpio-archive.ts'

const entries: CpioEntry[] = [
  { path: 'bin/tool', kind: 'file', mode: 0o755, contents: Buffer.from('five5') },
  { path: 'bin', kind: 'directory', mode: 0o755 },
  { path: 'bin/alias', kind: 'link', target: 'tool' },
  { path: 'empty', kind: 'file', mode: 0o600, contents: Buffer.alloc(0) },
]

test('busybox unpacks what was packed: contents, modes, links', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cpio-'))
  try {
    const input = writeCpio(entries)
    await requireTool('busybox', ['cpio', '-id'], { cwd: folder, input, timeoutMs: 10_000 })
    expect(await readFile(join(folder, 'bin/tool'), 'utf8')).toBe('five5')
    expect((await stat(join(folder, 'bin/tool'))).mode & 0o7777).toBe(0o755)
    expect((await stat(join(folder, 'empty'))).mode & 0o7777).toBe(0o600)
    expect(await readlink(join(folder, 'bin/alias'))).toBe('tool')
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('the order in which entries are given does not change a byte', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(entries, { minLength: entries.length }), (shuffled) => {
      expect(writeCpio(shuffled).equals(writeCpio(entries))).toBe(true)
    }),
  )
})

test('holds neither owner nor time: those fields are zero', () => {
  const header = writeCpio(entries).toString('latin1', 0, 110)
  const field = (index: number) => Number.parseInt(header.slice(6 + index * 8, 14 + index * 8), 16)
  expect([field(2), field(3), field(5)]).toEqual([0, 0, 0])
})

test('a device node carries its numbers', () => {
  const archive = writeCpio([{ path: 'console', kind: 'character-device', mode: 0o600, major: 5, minor: 1 }])
  const header = archive.toString('latin1', 0, 110)
  expect(header.slice(6 + 9 * 8, 6 + 11 * 8)).toBe('0000000500000001')
  expect(Number.parseInt(header.slice(14, 22), 16)).toBe(0o020600)
})
