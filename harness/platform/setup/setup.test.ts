import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { projectFolder } from '../call-folder.ts'
import { runTool } from '../process/run-tool.ts'
import { isConsent } from './install-parts.mjs'
import { missingParts, missingText } from './missing-parts.mjs'
import { isNewEnough } from './node-version.mjs'
import { arePackagesInstalled } from './npm-packages.mjs'

const folder = mkdtempSync(join(tmpdir(), 'setup-'))
afterAll(() => rmSync(folder, { recursive: true }))

const part = (proof: string) => ({ proof, package: `${proof.split('/').at(-1)}-package`, purpose: 'is tested' })

describe('missingParts', () => {
  test('are those that are on no folder of the path and not executable or readable', () => {
    writeFileSync(join(folder, 'present'), '')
    chmodSync(join(folder, 'present'), 0o755)
    writeFileSync(join(folder, 'data'), '')
    const parts = ['present', 'absent', 'data/x', join(folder, 'data'), join(folder, 'none')].map(part)
    const missing = missingParts(parts, `relative:${folder}`)
    expect(missing.map(({ proof }) => proof)).toEqual(['absent', 'data/x', join(folder, 'none')])
  })

  test('a program in an administrators’ folder counts, though a user’s path leaves it out', () => {
    expect(missingParts([part('mke2fs')], '')).toEqual([])
  })
})

test('what is missing is listed with its purpose and the exact command that brings it', () => {
  expect(missingText([part('qemu'), part('unsquashfs'), part('qemu')], 'nobody may install them')).toBe(
    `These system parts are missing, and nobody may install them:
  qemu        is tested (Debian package qemu-package)
  unsquashfs  is tested (Debian package unsquashfs-package)
  qemu        is tested (Debian package qemu-package)
Install them and run again. On Debian and its derivatives, as root:
  apt-get update && apt-get install --no-install-recommends qemu-package unsquashfs-package
`,
  )
})

test.each([
  ['y\n', true],
  ['Yes\r\n', true],
  ['\n', true],
  ['n\n', false],
  ['maybe\n', false],
  ['', false],
])('the answer %j at a terminal consents to an installation: %s', (answer, consents) =>
  expect(isConsent(answer)).toBe(consents),
)

describe('arePackagesInstalled', () => {
  const locked = {
    '': { version: '1.0.0' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/other-system': { version: '1.0.0', optional: true, os: ['aix'], cpu: [process.arch] },
    'node_modules/other-libc': {
      version: '1.0.0',
      optional: true,
      os: [process.platform],
      cpu: [process.arch],
      libc: ['musl'],
    },
    'node_modules/native': { version: '1.0.0', optional: true, os: [process.platform], cpu: [process.arch] },
  }
  const a = locked['node_modules/a']
  const native = locked['node_modules/native']

  function projectWith(name: string, installed: unknown): string {
    const project = join(folder, name)
    mkdirSync(join(project, 'node_modules'), { recursive: true })
    writeFileSync(join(project, 'package-lock.json'), JSON.stringify({ packages: locked }))
    if (installed !== undefined)
      writeFileSync(join(project, 'node_modules', '.package-lock.json'), JSON.stringify(installed))
    return project
  }

  test.each([
    ['exactly what is locked', { packages: locked }, true],
    ['without what is for another system', { packages: { 'node_modules/a': a, 'node_modules/native': native } }, true],
    ['without the native part for this system', { packages: { 'node_modules/a': a } }, false],
    [
      'another version',
      { packages: { 'node_modules/a': { ...a, version: '1.0.1' }, 'node_modules/native': native } },
      false,
    ],
    [
      'other contents of the same version',
      { packages: { 'node_modules/a': { ...a, integrity: 'x' }, 'node_modules/native': native } },
      false,
    ],
    ['a package left out', { packages: {} }, false],
    ['nothing', undefined, false],
    ['a list that broke off', 'x', false],
  ])('%s', (name, installed, answer) => {
    expect(arePackagesInstalled(projectWith(name, installed))).toBe(answer)
  })

  test('holds for this project', () => expect(arePackagesInstalled(projectFolder)).toBe(true))
})

test.each([
  ['18.0.0', false],
  ['22.17.9', false],
  ['22.18.0', true],
  ['24.0.0', true],
])('Node %s is new enough: %s', (version, answer) => expect(isNewEnough(version)).toBe(answer))

test('package-lock.json has an entry for every optional package: npm ci refuses one that has none', () => {
  const { packages }: { packages: Record<string, { optionalDependencies?: Record<string, string> }> } = JSON.parse(
    readFileSync(join(projectFolder, 'package-lock.json'), 'utf8'),
  )
  const optional = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).map((name) => [`${path}/node_modules/${name}`, `node_modules/${name}`]),
  )
  expect(optional.length).toBeGreaterThan(0)
  expect(optional.filter((places) => !places.some((place) => place in packages))).toEqual([])
})

describe('what is committed holds no address of a registry', () => {
  test('package-lock.json', () => {
    expect(readFileSync(join(projectFolder, 'package-lock.json'), 'utf8')).not.toMatch(
      /"resolved"|https?:\/\/[^"]*\.tgz/,
    )
  })

  test('.npmrc', () => {
    expect(readFileSync(join(projectFolder, '.npmrc'), 'utf8')).not.toMatch(/registry\s*=\s*http|https?:/)
  })
})

test('a set-up that is done says nothing', async () => {
  const done = await runTool(process.execPath, [join(projectFolder, 'harness/platform/setup/setup.mjs')], {
    timeoutMs: 20_000,
  })
  expect(done).toMatchObject({ exitCode: 0, stderr: '' })
})

test('the script that installs packages parses', async () => {
  const script = join(projectFolder, 'harness/platform/setup/install-packages.sh')
  expect(await runTool('sh', ['-n', script], { timeoutMs: 10_000 })).toMatchObject({ exitCode: 0, stderr: '' })
})
