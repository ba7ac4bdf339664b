import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TinyEdit, tinyImage } from '../../fixtures/static/tiny-image.ts'
import { file, folder, link, program, replaceIn, tinyLibrary, tinyProgram } from '../../fixtures/static/tiny-tree.ts'
import { openImageFile } from '../image/open-image-file.ts'
import { openSquashfs } from '../image/squashfs/squashfs.ts'
import { type InspectedImage, inspectImage } from '../inspect/inspect-image.ts'
import { fileDifferences } from '../measure/compare/content-difference.ts'
import { loadProfile } from '../profile/profile.ts'
import type { Change } from './change.ts'
import { Hybrids } from './hybrids.ts'
import { ImageDifference } from './image-difference.ts'

const scratch = mkdtempSync(join(tmpdir(), 'image-difference-'))
const opened: InspectedImage[] = []
afterAll(() => {
  for (const image of opened) image.close()
  rmSync(scratch, { recursive: true })
})

async function open(name: string, edit: TinyEdit): Promise<InspectedImage> {
  const path = await tinyImage(join(scratch, `${name}.squashfs`), edit)
  const image = await inspectImage(await openImageFile(path), await loadProfile('vpdmn'))
  opened.push(image)
  return image
}

/** Two packages, one of which moves to another library that comes with a third; files of no package; a folder that becomes a link. */
const common: TinyEdit = (tree) => {
  tree.set('/var/lib/dpkg/info/iproute2.list', file('/usr/bin/ip\n/etc/iproute2.conf\n'))
  tree.set('/var/lib/dpkg/info/libelf1.list', file('/usr/lib64/libelf.so.1\n'))
  tree.set('/var/lib/dpkg/info/libelf2.list', file('/usr/lib64/libelf.so.2\n'))
  tree.set('/var/lib/dpkg/info/crun.list', file('/usr/bin/crun\n'))
}
const good: TinyEdit = (tree) => {
  common(tree)
  tree.set('/usr/bin/ip', program(tinyProgram('ip utility, iproute2-6.15', ['libc.so.6', 'libelf.so.1'])))
  tree.set('/usr/lib64/libelf.so.1', file(tinyLibrary('libelf.so.1')))
  tree.set('/etc/iproute2.conf', file('a\nb\nc\n'))
  tree.set('/opt/folder/file', file('x'))
  tree.set('/srv/gone/deep/file', file('x'))
}
const bad: TinyEdit = (tree) => {
  common(tree)
  tree.set('/usr/bin/ip', program(tinyProgram('ip utility, iproute2-6.16', ['libc.so.6', 'libelf.so.2'])))
  tree.set('/usr/lib64/libelf.so.2', file(tinyLibrary('libelf.so.2')))
  tree.set('/etc/iproute2.conf', file('a\nB\nc\nd\n', 0o600))
  tree.set('/usr/bin/crun', program(tinyProgram('another +SYSTEMD +CAP +SECCOMP +EBPF')))
  tree.set('/opt/folder', link('elsewhere'))
  tree.set('/opt/elsewhere', folder(0o700))
  tree.set('/opt/elsewhere/new', file('y'))
  replaceIn(tree, '/var/lib/dpkg/status', 'Version: 6.15', 'Version: 6.16')
}

let difference: ImageDifference
beforeAll(async () => {
  difference = new ImageDifference({ good: await open('good', good), bad: await open('bad', bad) })
})

const named = (changes: readonly Change[]): string[] => changes.map(({ name }) => name).toSorted()
const partsOf = (changes: readonly Change[]) => changes.flatMap(({ parts }) => parts)

describe('what lies between two images', () => {
  test('is packages, with the libraries that only the other image has, and files of no package', () => {
    expect(named(difference.packages())).toEqual([
      '/opt/elsewhere/new added',
      '/opt/folder changed + /opt/folder/file removed',
      '/srv/gone/deep/file removed',
      'crun',
      'iproute2 6.15 → 6.16 + libelf1 + libelf2',
    ])
  })

  test('divides into files, of which those that need each other stay together', () => {
    const [iproute2] = difference.packages().filter(({ name }) => name.startsWith('iproute2'))
    expect(named(difference.filesOf(iproute2 as Change))).toEqual([
      '/etc/iproute2.conf changed',
      '/usr/bin/ip changed + /usr/lib64/libelf.so.1 removed + /usr/lib64/libelf.so.2 added',
      'record of iproute2 in /var/lib/dpkg/status',
    ])
  })

  test('divides further into lines, and what is no content', () => {
    const conf: Change = { kind: 'file', name: 'conf', parts: [{ kind: 'entry', path: '/etc/iproute2.conf' }] }
    expect(difference.linesOf(conf).map(({ name }) => name)).toEqual([
      '/etc/iproute2.conf: "b" → "B"',
      '/etc/iproute2.conf: new line "d"',
      '/etc/iproute2.conf: mode and owner',
    ])
  })
})

describe('a mixture', () => {
  test('with all changes has the files of BAD, with none those of GOOD, whatever the detail', () => {
    const { images } = difference
    const hybrids = new Hybrids(difference, join(scratch, 'whole.squashfs'))
    const differences = (changes: readonly Change[], image: InspectedImage) => {
      const mixture = openSquashfs(hybrids.with(partsOf(changes)))
      const found = fileDifferences(mixture, image.squashfs)
      mixture.close()
      return found
    }
    const packages = difference.packages()
    const files = packages.flatMap((change) => difference.filesOf(change))
    const lines = files.flatMap((change) => difference.linesOf(change))
    for (const all of [packages, files, lines]) expect(differences(all, images.bad)).toEqual([])
    expect(differences([], images.good)).toEqual([])
  })

  test('of any changes differs from GOOD only where they are, and has all of them', () => {
    const { images } = difference
    const hybrids = new Hybrids(difference, join(scratch, 'some.squashfs'))
    const all = difference.packages().flatMap((change) => difference.filesOf(change))
    fc.assert(
      fc.property(fc.subarray(all), (some) => {
        const mixture = openSquashfs(hybrids.with(partsOf(some)))
        const pathsIn = (changes: readonly Change[]) =>
          partsOf(changes).flatMap((part) => (part.kind === 'record' ? '/var/lib/dpkg/status' : part.path))
        const fromGood = fileDifferences(images.good.squashfs, mixture).map(({ path }) => path)
        const fromBad = fileDifferences(mixture, images.bad.squashfs).map(({ path }) => path)
        mixture.close()
        // A folder comes with the first file in it, and goes with the last one.
        const isFile = (path: string) => !['/opt/elsewhere', '/srv', '/srv/gone', '/srv/gone/deep'].includes(path)
        expect(pathsIn(some).filter((path) => fromBad.includes(path) && isFile(path))).toEqual([])
        const others = pathsIn(all.filter((change) => !some.includes(change)))
        expect(others.filter((path) => fromGood.includes(path) && isFile(path))).toEqual([])
      }),
      { numRuns: 30 },
    )
  })
})
