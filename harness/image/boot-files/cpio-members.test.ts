import { expect, test } from 'vitest'
import { writeCpio } from '../../recipes/cpio-archive.ts'
import { cpioMembers } from './cpio-members.ts'

test('a file is found in an archive of the kernel’s form, and one that is not there is none', () => {
  const files = ['a', 'bin/busybox', 'c'].map((path, index) => ({ path, contents: Buffer.alloc(index + 1, path) }))
  const archive = writeCpio(files.map((file) => ({ kind: 'file', mode: 0o755, ...file })))
  const inArchive = (wanted: string) => cpioMembers(archive)?.find(({ name }) => name === wanted)?.contents
  for (const { path, contents } of files) expect(inArchive(path)).toEqual(contents)
  expect(inArchive('d')).toBeUndefined()
})
