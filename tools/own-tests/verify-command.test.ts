import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { projectFolder } from '../../harness/platform/call-folder.ts'
import { harnessVersion } from '../../harness/platform/harness-version.ts'
import { requireTool, runTool } from '../../harness/platform/process/run-tool.ts'
import type { Report } from '../../harness/report/schema.ts'

const folder = mkdtempSync(join(tmpdir(), 'verify-command-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs verify.mjs as a user does, by zx, on inputs in the test's folder. */
async function verify(...args: string[]) {
  const zx = join(projectFolder, 'node_modules', '.bin', 'zx')
  const entry = join(projectFolder, 'harness', 'verify.mjs')
  const result = await runTool(process.execPath, [zx, entry, ...args], { cwd: folder, timeoutMs: 60_000 })
  return { exitCode: result.exitCode, stdout: result.stdout.toString(), stderr: result.stderr }
}

async function packImage(name: string, files: Record<string, Uint8Array | string>): Promise<void> {
  const tree = join(folder, `${name}.tree`)
  mkdirSync(tree)
  for (const [path, content] of Object.entries(files)) {
    writeFileSync(join(tree, path), content)
    chmodSync(join(tree, path), 0o755)
  }
  await requireTool('mksquashfs', [tree, join(folder, name), '-quiet', '-no-progress'], { timeoutMs: 30_000 })
}

/** The header of a 64-bit little-endian ELF program, all that tells its machine (ELF specification, figure 1-3). */
function elfHeader(machine: number): Buffer {
  const header = Buffer.alloc(64)
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]).copy(header)
  header.writeUInt16LE(2, 16)
  header.writeUInt16LE(machine, 18)
  header.writeUInt32LE(1, 20)
  header.writeUInt16LE(64, 52)
  return header
}
const machines = { x86: 62, riscv: 243 }

beforeAll(async () => {
  mkdirSync(join(folder, 'empty'))
  writeFileSync(join(folder, 'notes.txt'), 'no image')
  await packImage('x86.squashfs', { init: elfHeader(machines.x86) })
  await packImage('riscv.squashfs', { init: elfHeader(machines.riscv) })
  await packImage('text.squashfs', { readme: 'no program at all' })
  await packImage('short.squashfs', { init: elfHeader(machines.x86), data: randomBytes(400_000) })
  truncateSync(join(folder, 'short.squashfs'), 200_000)
})

describe('input that cannot be verified is one sentence and exit code 2', () => {
  test.each([
    ['a file that does not exist', ['none.squashfs'], 'none.squashfs'],
    ['a folder without images', ['empty'], 'empty'],
    ['what is no squashfs', ['notes.txt'], 'notes.txt'],
    ['a truncated squashfs', ['short.squashfs'], 'short.squashfs'],
    ['an image for another architecture', ['riscv.squashfs'], 'riscv.squashfs'],
    ['an image without programs', ['text.squashfs'], 'text.squashfs'],
    ['an image of an architecture not asked for', ['x86.squashfs', '--arch', 'aarch64'], 'aarch64'],
    ['an unknown option', ['--frobnicate'], '--frobnicate'],
    ['an unknown suite', ['--suite', 'nonsense', 'x86.squashfs'], 'nonsense'],
    ['a kernel that is none', ['x86.squashfs', '--keep-going', '--kernel', 'notes.txt'], 'notes.txt'],
    ['a profile that does not exist', ['x86.squashfs', '--profile', 'none'], 'none'],
    ['a waiver file that does not exist', ['x86.squashfs', '--waivers', 'none.toml'], 'none.toml'],
    ['an unknown requirement', ['--explain', 'NOT-001'], 'NOT-001'],
    ['a report folder that is a file', ['x86.squashfs', '--out', 'notes.txt'], 'notes.txt'],
  ])('%s', async (_, args, named) => {
    const { exitCode, stdout, stderr } = await verify('--quiet', ...args)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(stderr).toContain(named)
    expect(stderr).toMatch(/\S[.?]\n$/)
  })
})

describe('verify.mjs', () => {
  test('without a guest says what an image lacks, by exit code, on the screen and in the reports', async () => {
    const { exitCode, stdout } = await verify('x86.squashfs', '--suite', 'static', '--out', 'out')
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/^DOES NOT CONFORM/)
    const { verdict, images } = JSON.parse(readFileSync(join(folder, 'out/report.json'), 'utf8')) as Report
    expect(verdict).toBe('does-not-conform')
    expect(existsSync(join(folder, 'out/junit.xml'))).toBe(true)
    const bill = JSON.parse(readFileSync(join(folder, 'out', images[0]?.billOfMaterials ?? 'none'), 'utf8'))
    expect(bill.packages.map(({ name }: { name: string }) => name)).toEqual(['x86.squashfs', 'init'])
  })

  test('merge has the verdict of the runs that it joins; one that left no report is a fault', async () => {
    const shard = (index: number) =>
      verify('x86.squashfs', '--suite', 'static', '--shard', `${index}/2`, '--out', `shard-${index}`)
    const parts = await Promise.all([shard(1), shard(2)])
    const merged = await verify('merge', 'shard-1', 'shard-2', '--out', 'merged')
    expect([...parts, merged].map(({ exitCode }) => exitCode)).toEqual([1, 1, 1])
    expect(existsSync(join(folder, 'merged/x86.spdx.json'))).toBe(true)
    const missing = await verify('merge', 'shard-1', '--out', 'one')
    expect(missing.exitCode).toBe(3)
    expect(missing.stdout).toContain('Shard 2 of 2')
    expect(await verify('merge', 'shard-1', 'shard-3')).toMatchObject({ exitCode: 3, stdout: '' })
    expect(await verify('merge', 'shard-1', '--expect', '2')).toMatchObject({ exitCode: 3, stdout: '' })
  })

  test('--json prints the report and nothing else, and it is the one that is written', async () => {
    const { exitCode, stdout } = await verify('x86.squashfs', '--suite', 'static', '--json', '--out', 'json')
    expect(exitCode).toBe(1)
    expect(stdout).toBe(readFileSync(join(folder, 'json/report.json'), 'utf8'))
  })

  test('--list --json gives every requirement once', async () => {
    const { exitCode, stdout } = await verify('--list', '--json')
    const listed = JSON.parse(stdout) as { id: string; suite: string }[]
    expect(exitCode).toBe(0)
    expect(new Set(listed.map(({ id }) => id)).size).toBe(listed.length)
    expect(new Set(listed.map(({ suite }) => suite))).toEqual(
      new Set(['static', 'boot', 'podman', 'xen', 'performance']),
    )
    expect(Object.keys(listed[0] ?? {})).toEqual(['id', 'suite', 'title', 'severity', 'eras'])
  })

  test('--version and --help answer on stdout', async () => {
    expect(await verify('--version')).toEqual({ exitCode: 0, stdout: `${harnessVersion()}\n`, stderr: '' })
    expect((await verify('--help')).stdout).toMatch(/^Usage: /)
  })
})
