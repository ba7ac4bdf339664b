import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type TinyEdit, tinyImage } from '../../../fixtures/static/tiny-image.ts'
import { file, replaceIn } from '../../../fixtures/static/tiny-tree.ts'
import { Lifetime } from '../../platform/process/lifetime.ts'
import { parseBisectCall } from './bisect-call.ts'
import { findChanges } from './bisect-images.ts'
import { bisectText } from './bisect-text.ts'

const folder = mkdtempSync(join(tmpdir(), 'bisect-images-'))
let lifetime = new Lifetime()
afterEach(async () => {
  await lifetime.end()
  lifetime = new Lifetime()
})
afterAll(() => rmSync(folder, { recursive: true }))

const image = (name: string, edit: TinyEdit) => tinyImage(join(folder, `${name}.squashfs`), edit)

/** Sixteen files that mean nothing, and a package that has a configuration file. */
const harmless: TinyEdit = (tree) => {
  for (let index = 0; index < 16; index++) tree.set(`/srv/${index}/file`, file(`${index}\n`))
  replaceIn(tree, '/var/lib/dpkg/status', 'Version: 5.4.2', 'Version: 5.4.2+update1')
}
const owned: TinyEdit = (tree) => tree.set('/var/lib/dpkg/info/podman.list', file('/etc/containers/storage.conf\n'))

let good: string
let bad: string
beforeAll(async () => {
  good = await image('good', owned)
  bad = await image('bad', (tree) => {
    owned(tree)
    harmless(tree)
    replaceIn(tree, '/etc/containers/storage.conf', 'driver = "vfs"', 'driver = "btrfs"')
    replaceIn(tree, '/etc/hosts', '127.0.0.1\tlocalhost', '127.0.0.1\totherhost')
  })
})

const bisect = (args: readonly string[]) => {
  const call = parseBisectCall([...args, '--out', join(folder, 'out')])
  if (call.action === 'help') throw new Error('These arguments ask for a bisection.')
  return findChanges(call, lifetime)
}

describe('the bisection of two images', () => {
  test('names the line of the file of the package, and how that is proven', async () => {
    const { report, path } = await bisect([good, bad, '--requirement', 'STO-001'])
    expect(report.requirements).toMatchObject([
      {
        id: 'STO-001',
        causes: [{ changes: [{ kind: 'line', of: 'podman 5.4.2 → 5.4.2+update1' }], minimal: true }],
        ...{ proven: true, changes: 18 },
      },
    ])
    expect(report.requirements[0]?.trials).toBeLessThanOrEqual(14)
    expect(bisectText(report, path)).toMatch(
      /^STO-001 .*\n {2}\/etc\/containers\/storage\.conf: "driver = \\"vfs\\"" → "driver = \\"btrfs\\"", of podman/,
    )
    expect(readdirSync(join(folder, 'out')).toSorted()).toEqual(['bisect-state.json', 'bisect.json'])
  })

  test('is about every static requirement that fails on BAD alone, where none is named', async () => {
    const { report } = await bisect([good, bad])
    const names = report.requirements.map(({ id, causes }) => [id, causes[0]?.changes[0]?.name.split(':')[0]])
    expect(names).toEqual([
      ['FS-010', '/etc/hosts'],
      ['STO-001', '/etc/containers/storage.conf'],
    ])
  })

  test.each([
    [
      'an unknown requirement',
      () => [good, bad, '--requirement', 'STO-01'],
      /no requirement STO-01; did you mean STO-0/,
    ],
    ['one that both meet', () => [good, bad, '--requirement', 'CFG-002'], /CFG-002 is pass on GOOD and pass on BAD/],
    ['one that only BAD meets', () => [bad, good, '--requirement', 'STO-001'], /STO-001 is fail on GOOD and pass/],
    ['no difference at all', () => [bad, good], /No static requirement fails on BAD alone/],
    ['one image twice', () => [good, good], /are the same image/],
    ['one of the performance suite', () => [good, bad, '--requirement', 'PRF-001'], /PRF-001 cannot be bisected/],
    [
      'one of another engine',
      () => [good, bad, '--requirement', 'DKR-001'],
      /DKR-001 is not asked of images of podman/,
    ],
  ])('of %s is refused in one sentence', async (_, args, sentence) => {
    await expect(bisect(args())).rejects.toMatchObject({ exitCode: 2, message: expect.stringMatching(sentence) })
  })

  test('of images of two architectures is refused', async () => {
    const other = await image('other', (tree) => {
      for (const [path, entry] of tree)
        if (entry.type === 'file' && Buffer.isBuffer(entry.content) && entry.content.readUInt16LE(18) === 62) {
          const content = Buffer.from(entry.content)
          content.writeUInt16LE(183, 18)
          tree.set(path, { ...entry, content })
        }
    })
    await expect(bisect([good, other])).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/cannot be mixed: arch is x86_64 in .*good.* and aarch64 in .*other/),
    })
  })
})
