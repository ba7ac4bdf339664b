import { existsSync, globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { architectures } from '../../model/architecture.ts'
import { projectFolder } from '../call-folder.ts'
import { systemParts } from './system-parts.mjs'

const proofs = systemParts.map(({ proof }) => proof)

/** Calls that start a tool, with its name or with what else stands in its place. */
const toolCalls =
  /(?<!function )\b(?:runTool|requireTool|startChild|spawn|spawnSync|execFile|execa)\(\s*(?:(['"`])(?<name>[^'"`$]+)\1|(?<other>[\w.]+))/g

const emulators = Object.values(architectures).map(({ emulator }) => emulator)

/** Modules that take the tool's name from a table or a variable, and which tools that can be. */
const tabledTools: Record<string, readonly string[]> = {
  'harness/machine/qemu-version.ts': emulators,
  'harness/machine/fit-qemu.ts': emulators,
  'harness/machine/confined-qemu.test.ts': ['bwrap', 'prlimit', 'setpriv'],
  'harness/machine/qemu-user.ts': ['setpriv'],
  'harness/machine/start-guest.ts': [...emulators, 'bwrap', 'prlimit', 'setpriv'],
  'harness/recipes/boot-kit/kernel-modules.ts': ['xz', 'zstd', 'gzip'],
  'harness/recipes/sample-packings.ts': ['xz'],
  'harness/guest/runner/contract-disks.ts': ['debugfs', 'dumpe2fs', 'e2fsck'],
  'harness/guest/exchange/fake-roots.ts': ['fakeroot', 'prlimit', 'pseudo', 'tar'],
  'harness/inspect/kernel/unpack-kernel.ts': ['xz'],
  'harness/machine/share-watch.ts': ['du'],
  'harness/inspect/shell/check-syntax.ts': ['busybox', 'dash', 'bash'],
  'harness/registry/backend/process-backend.ts': ['docker-registry'],
  'harness/registry/stocked-storage.ts': ['docker-registry'],
  'harness/platform/process/enclosure.test.ts': ['sh', 'unshare'],
  'harness/platform/process/enclosure.ts': ['setpriv', 'unshare'],
  'harness/platform/process/remove-folder.ts': ['chmod', 'rm'],
  // What npm installs, and what these are told to run.
  'tools/own-tests/run-stages.ts': [],
  'harness/platform/process/run-tool.ts': [],
  'harness/platform/process/start-child.ts': ['setpriv'],
}

/** What only users of it have, in an environment of their own, and what nobody has. */
const usersOwn = ['bitbake', 'no-such-tool']
/** Comes with every Node. */
const ofNode = ['npm']

const sources = globSync(['harness/**/*.ts', 'suites/**/*.ts', 'tools/**/*.ts', 'fixtures/**/*.ts'], {
  cwd: projectFolder,
})
const callsOf = (path: string) =>
  [...readFileSync(`${projectFolder}/${path}`, 'utf8').matchAll(toolCalls)].map(({ groups }) => groups ?? {})

describe('the table of system parts', () => {
  test('holds every tool that the harness and its tests call by name', () => {
    const named = sources.flatMap(callsOf).flatMap(({ name }) => name ?? [])
    const isFromNpm = (name: string) => existsSync(`${projectFolder}/node_modules/.bin/${name}`)
    const called = named.filter((name) => ![...usersOwn, ...ofNode].includes(name) && !isFromNpm(name))
    expect(called).toContain('mmdebstrap')
    expect(proofs).toEqual(expect.arrayContaining(called))
  })

  test('holds every tool that they call by a table', () => {
    const byTable = sources.filter((path) => callsOf(path).some(({ other }) => other && other !== 'process.execPath'))
    expect(byTable.toSorted()).toEqual(Object.keys(tabledTools).toSorted())
    expect(proofs).toEqual(expect.arrayContaining(Object.values(tabledTools).flat()))
  })

  test('names each part once, with a purpose', () => {
    expect(new Set(proofs).size).toBe(proofs.length)
    for (const { purpose } of systemParts) expect(purpose).not.toBe('')
  })
})
