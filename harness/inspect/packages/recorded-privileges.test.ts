import { expect, test } from 'vitest'
import { alpinePrivileges } from './recorded-privileges.ts'

test('apk’s record tells which files of which folders are setuid', () => {
  const text =
    'P:busybox\nF:bin\nR:bbsuid\na:0:0:4111\nR:busybox\na:0:0:755\nF:usr/bin\nM:0:0:1777\nR:plain\n\nP:other\n'
  expect(alpinePrivileges(text)).toEqual([{ path: '/bin/bbsuid', isSetuid: true, capabilities: '' }])
})
