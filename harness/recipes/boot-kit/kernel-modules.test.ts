import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { tinyElf } from '../../../fixtures/static/tiny-elf.ts'
import { EnvironmentFault } from '../../model/faults.ts'
import { requireTool } from '../../platform/process/run-tool.ts'
import { loadOrder, moduleName, readModules } from './kernel-modules.ts'

describe('loadOrder', () => {
  const graph = (edges: Record<string, string[]>) =>
    new Map(Object.entries(edges).map(([name, requires]) => [name, { name, requires }]))

  test('puts what a module requires before it, each once', () => {
    const modules = graph({
      ext4: ['jbd2', 'mbcache'],
      jbd2: ['crc'],
      mbcache: [],
      crc: [],
      bridge: ['stp', 'crc'],
      stp: [],
    })
    const order = loadOrder(['ext4', 'bridge'], modules).map(({ name }) => name)
    expect(order).toEqual(['crc', 'jbd2', 'mbcache', 'ext4', 'stp', 'bridge'])
  })

  test('passes over modules that the kernel has built in', () => {
    expect(loadOrder(['ext4'], graph({ ext4: ['builtin'] })).map(({ name }) => name)).toEqual(['ext4'])
  })

  test('says which modules require each other', () => {
    expect(() => loadOrder(['a'], graph({ a: ['b'], b: ['a'] }))).toThrow('a → b → a')
  })

  test('holds for any graph without circles', () => {
    const edges = fc.array(fc.array(fc.nat({ max: 20 }), { maxLength: 4 }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(edges, (required) => {
        const modules = graph(
          Object.fromEntries(
            required.map((to, from) => [`m${from}`, to.filter((other) => other < from).map((other) => `m${other}`)]),
          ),
        )
        const order = loadOrder([...modules.keys()], modules)
        expect(order).toHaveLength(modules.size)
        for (const [index, module] of order.entries())
          for (const name of module.requires)
            expect(order.findIndex((other) => other.name === name)).toBeLessThan(index)
      }),
    )
  })
})

describe('readModules', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'modules-'))
    await mkdir(join(folder, 'kernel/fs'), { recursive: true })
    await writeFile(join(folder, 'modules.builtin'), 'kernel/drivers/virtio/virtio-ring.ko\n')
  })
  afterEach(() => rm(folder, { recursive: true }))

  const moduleWith = (information: string) => tinyElf({ type: 1, moduleInformation: information })
  const addModule = (file: string, information: string) =>
    writeFile(join(folder, 'kernel/fs', file), moduleWith(information))

  const namesOf = async (...names: string[]) =>
    (await readModules(folder, [{ modules: names }])).map(({ name }) => name)

  test('follows depends and the modules to load before, under either spelling', async () => {
    await addModule(
      'disk-driver.ko',
      'depends=helper_lib,virtio_ring\0softdep=pre: check-sum post: late\0softdep=pre: k=v\0',
    )
    await addModule('helper-lib.ko', 'depends=\0')
    await addModule('check_sum.ko', 'depends=\0')
    await addModule('k=v.ko', 'depends=\0')
    await addModule('late.ko', 'depends=\0')
    expect(await namesOf('disk_driver')).toEqual(['helper_lib', 'check_sum', 'k=v', 'disk_driver'])
  })

  test('passes over a module to load before that is an alias', async () => {
    await addModule('ext4.ko', 'depends=\0softdep=pre: crypto-crc32c\0')
    expect(await namesOf('ext4')).toEqual(['ext4'])
  })

  const bound = { timeoutMs: 10_000 }
  test.each([
    ['xz', (path: string) => requireTool('xz', [path], bound)],
    ['zst', (path: string) => requireTool('zstd', ['--rm', '--quiet', path], bound)],
    ['gz', (path: string) => requireTool('gzip', [path], bound)],
  ])('unpacks modules that end with .%s', async (_, compress) => {
    await addModule('overlay.ko', 'depends=\0')
    await compress(join(folder, 'kernel/fs/overlay.ko'))
    const [module] = await readModules(folder, [{ modules: ['overlay'] }])
    expect(module?.contents).toEqual(moduleWith('depends=\0'))
  })

  test('a missing module is a fault that names it, an optional one is left out', async () => {
    await expect(readModules(folder, [{ modules: ['9p'] }])).rejects.toThrow(EnvironmentFault)
    await expect(readModules(folder, [{ modules: ['9p'] }])).rejects.toThrow('"9p"')
    expect(await readModules(folder, [{ modules: ['9p'], optional: true }])).toEqual([])
  })

  test('a module that is built in is left out without a fault', async () => {
    expect(await namesOf('virtio_ring')).toEqual([])
  })
})

test('takes dashes and underscores as one, and drops the ending', () => {
  expect(['virtio-rng.ko.xz', 'virtio_rng.ko', 'virtio_rng'].map(moduleName)).toEqual(Array(3).fill('virtio_rng'))
})
