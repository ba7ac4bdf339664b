import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { removeFolder } from './remove-folder.ts'
import { requireTool, runTool } from './run-tool.ts'

let outer: string
let folder: string
beforeEach(async () => {
  outer = await mkdtemp(join(tmpdir(), 'remove-folder-'))
  folder = join(outer, 'folder')
  await mkdir(folder)
})
afterEach(() => removeFolder(outer))

async function warningsOf(path: string): Promise<string[]> {
  const told: string[] = []
  await removeFolder(path, (sentence) => told.push(sentence))
  return told
}

/** Forty folders of 250 characters, each in the one before: 10,000 characters, of which the system takes 4095 in one path. */
const nest = (): Promise<unknown> =>
  requireTool('sh', ['-c', 'for i in $(seq 40); do mkdir $1; cd -P $1; done', 'sh', 'd'.repeat(250)], {
    timeoutMs: 30_000,
    cwd: folder,
  })

test('a folder goes whose paths are longer than the system takes', async () => {
  await nest()
  expect(await warningsOf(folder)).toEqual([])
  expect(existsSync(folder)).toBe(false)
})

test('what links in it lead to stays', async () => {
  await writeFile(join(outer, 'kept'), '')
  await symlink(outer, join(folder, 'up'))
  await symlink(join(outer, 'kept'), join(folder, 'file'))
  expect(await warningsOf(folder)).toEqual([])
  expect([existsSync(folder), existsSync(join(outer, 'kept'))]).toEqual([false, true])
})

test('a folder that is not there is gone', async () => expect(await warningsOf(join(outer, 'none'))).toEqual([]))

// Root gets into every folder.
test.runIf(process.getuid?.() === 0)('folders that their owner closed go too, as an ordinary user', async () => {
  const inner = join(folder, 'inner', 'closed')
  const script = `mkdir -p ${inner}/full && : >${inner}/full/file && chmod 0 ${inner}`
  await requireTool('sh', ['-c', `${script} && chown -R nobody ${folder} && chmod 711 ${outer}`], { timeoutMs: 10_000 })
  const as = ['setpriv', '--reuid', '65534', '--clear-groups', '--']
  expect(
    (await runTool('setpriv', [...as.slice(1), 'rm', '-rf', join(folder, 'inner')], { timeoutMs: 10_000 })).exitCode,
  ).toBe(1)
  const removal = `import { removeFolder } from '${import.meta.dirname}/remove-folder.ts'; await removeFolder('${folder}/inner')`
  const node = await runTool('setpriv', [...as.slice(1), process.execPath, '--input-type=module', '-e', removal], {
    timeoutMs: 30_000,
  })
  expect([node.exitCode, node.stderr, existsSync(join(folder, 'inner'))]).toEqual([0, '', false])
})

test('a folder that cannot be removed is named, and fails nothing', async () => {
  expect(await warningsOf('/proc/self/fd')).toEqual([
    expect.stringMatching(/^\/proc\/self\/fd could not be removed: rm: .*Remove it by hand, it is no longer used\.$/),
  ])
})
