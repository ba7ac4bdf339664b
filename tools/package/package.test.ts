import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tinyImage } from '../../fixtures/static/tiny-image.ts'
import { projectFolder } from '../../harness/platform/call-folder.ts'
import { requireTool, runTool } from '../../harness/platform/process/run-tool.ts'

const folder = mkdtempSync(join(tmpdir(), 'package-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** An empty project that has the package, and beside it this checkout's packages in place of a download, but the optional one. */
const modules = join(folder, 'project', 'node_modules')
const program = join(modules, 'vpdmn-conformance', 'dist', 'harness', 'main.mjs')

beforeAll(async () => {
  await requireTool('npm', ['pack', '--pack-destination', folder], { cwd: projectFolder, timeoutMs: 120_000 })
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz')) as string
  mkdirSync(join(modules, 'vpdmn-conformance'), { recursive: true })
  const unpack = ['-xzf', join(folder, archive), '-C', join(modules, 'vpdmn-conformance'), '--strip-components=1']
  await requireTool('tar', unpack, { timeoutMs: 60_000 })
  for (const name of readdirSync(join(projectFolder, 'node_modules')))
    if (!name.startsWith('.') && name !== 'testcontainers')
      symlinkSync(join(projectFolder, 'node_modules', name), join(modules, name))
}, 240_000)

const run = async (...args: string[]) => {
  const cwd = join(folder, 'project')
  const { exitCode, stdout, stderr } = await runTool(process.execPath, [program, ...args], { cwd, timeoutMs: 60_000 })
  return { exitCode, stdout: stdout.toString(), stderr }
}

describe('the package, in the node_modules of an empty project', () => {
  test('judges an image by the static suite, and leaves the report where it was called', async () => {
    const image = await tinyImage(join(folder, 'tiny.squashfs'))
    const { exitCode, stdout, stderr } = await run(image, '--suite', 'static', '--json')
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.any(String) })
    const report = JSON.parse(stdout)
    expect(report.verdict).toBe('conforms')
    expect(readdirSync(join(folder, 'project', 'reports', 'out'))).toHaveLength(1)
  })

  test('answers by its commands as by the options of verify', async () => {
    expect(await run('explain', 'BIN-001')).toEqual(await run('--explain', 'BIN-001'))
    expect((await run('list')).stdout).toContain('BIN-001')
    expect(await run('shell', '--no-such-option')).toMatchObject({ exitCode: 2 })
    const { version } = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8'))
    expect((await run('--version')).stdout).toBe(`${version}\n`)
  })

  test('wants testcontainers only for --registry testcontainers, and says how to get it', async () => {
    const start = `import('./dist/harness/registry/start-registry.js').then((m) => m.startRegistry({ mode: 'testcontainers', folder: process.argv[1] }))`
    const { exitCode, stderr } = await runTool(process.execPath, ['--input-type=module', '--eval', start, folder], {
      timeoutMs: 60_000,
      cwd: join(modules, 'vpdmn-conformance'),
    })
    expect(exitCode).not.toBe(0)
    expect(stderr).toMatch(
      /EnvironmentFault: The optional npm package testcontainers.* is not installed: run "npm install --include=optional"/,
    )
  })

  test('completes commands and options in bash', async () => {
    const { stdout } = await run('completion', 'bash')
    const script = `${stdout}COMP_WORDS=(vpdmn-conformance shell --pul); COMP_CWORD=2; _vpdmn_conformance; echo "\${COMPREPLY[@]}"`
    const completed = await requireTool('bash', ['-c', script], { timeoutMs: 10_000 })
    expect(completed.stdout.toString()).toBe('--pulled\n')
  })
})
