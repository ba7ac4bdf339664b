import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { tinyElf } from '../../fixtures/static/tiny-elf.ts'
import { type TinyEdit, tinyImage } from '../../fixtures/static/tiny-image.ts'
import { file, program, tinyLibrary, tinyProgram } from '../../fixtures/static/tiny-tree.ts'
import { openImageFile } from '../image/open-image-file.ts'
import { inspectImage } from '../inspect/inspect-image.ts'
import { loadProfile } from '../profile/profile.ts'
import { libraryTies } from './ties.ts'

const folder = mkdtempSync(join(tmpdir(), 'ties-'))
afterAll(() => rmSync(folder, { recursive: true }))

const user = '/usr/bin/user'
const library = '/usr/lib64/libx.so.1'

/** Ties between the two paths of images made by two edits, as sorted pairs. */
async function tiesBetween(good: TinyEdit, bad: TinyEdit): Promise<string[]> {
  const profile = await loadProfile('vpdmn')
  const open = async (name: string, edit: TinyEdit) =>
    inspectImage(await openImageFile(await tinyImage(join(folder, name), edit)), profile)
  const images = [await open('good', good), await open('bad', bad)] as const
  const ties = libraryTies(...images, new Set([user, library]))
  for (const image of images) image.close()
  return [...new Set(ties.map((tie) => tie.toSorted().join(' ')))]
}

const has =
  (versionOfUser: string, neededVersion: string, providedVersions?: readonly string[]): TinyEdit =>
  (tree) => {
    const needsVersions = [{ library: 'libx.so.1', versions: [neededVersion] }]
    const interpreter = '/lib64/ld-linux-x86-64.so.2'
    tree.set(user, program(tinyElf({ interpreter, needed: ['libx.so.1'], needsVersions, text: versionOfUser })))
    if (providedVersions) tree.set(library, file(tinyLibrary('libx.so.1', providedVersions)))
  }

describe('a program', () => {
  test('goes with the library whose version only its own image has', async () => {
    expect(await tiesBetween(has('a', 'X_1', ['X_1']), has('b', 'X_2', ['X_1', 'X_2']))).toEqual([`${user} ${library}`])
  })

  test('goes with a library that it did not need before', async () => {
    const without: TinyEdit = (tree) => tree.set(user, program(tinyProgram('a')))
    expect(await tiesBetween(without, has('b', 'X_1', ['X_1']))).toEqual([`${user} ${library}`])
  })

  test('does not go with a library that is only built anew', async () => {
    expect(await tiesBetween(has('a', 'X_1', ['X_1']), has('b', 'X_1', ['X_1', 'X_2']))).toEqual([])
  })

  test('does not go with the loss of a library that it still needs: that may be what is looked for', async () => {
    expect(await tiesBetween(has('a', 'X_1', ['X_1']), has('b', 'X_1'))).toEqual([])
    expect(await tiesBetween(has('a', 'X_1', ['X_1']), has('b', 'X_1', ['X_0']))).toEqual([])
  })
})
