import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { missingRights } from './missing-rights.ts'

const folder = mkdtempSync(join(tmpdir(), 'missing-rights-'))
afterAll(() => rmSync(folder, { recursive: true }))

const all: Readonly<Record<string, string>> = {
  '/usr/bin/newuidmap': '',
  '/etc/subuid': 'other:1:2\nada:100000:65536\n',
  '/etc/subgid': 'ada:100000:65536\n',
  '/proc/sys/kernel/unprivileged_userns_clone': '1\n',
  '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '0\n',
  '/proc/sys/user/max_user_namespaces': '96365\n',
}
let systems = 0
function missingOn(change: Readonly<Record<string, string | undefined>>): string[] {
  const root = join(folder, String(systems++))
  for (const [path, content] of Object.entries({ ...all, ...change })) {
    if (content === undefined) continue
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  return missingRights({ user: 'ada', path: '/usr/bin:/bin', root })
}

test('a user who has all, on a system that restricts nothing, lacks nothing', () => {
  expect(missingOn({})).toEqual([])
  expect(missingOn({ '/proc/sys/kernel/unprivileged_userns_clone': undefined })).toEqual([])
})

test.each([
  ['/usr/bin/newuidmap', undefined, /install the package uidmap\.$/],
  ['/etc/subuid', 'adam:1:2\n', /^\/etc\/subuid give ada no ids: as root, usermod --add-subuids/],
  ['/etc/subgid', undefined, /^\/etc\/subgid give/],
  ['/proc/sys/kernel/unprivileged_userns_clone', '0\n', /sysctl kernel\.unprivileged_userns_clone=1\.$/],
  ['/proc/sys/kernel/apparmor_restrict_unprivileged_userns', '1\n', /AppArmor/],
  ['/proc/sys/user/max_user_namespaces', '0\n', /sysctl user\.max_user_namespaces/],
])('without what %s gives, one sentence says what to do as root', (path, content, sentence) => {
  expect(missingOn({ [path]: content })).toEqual([expect.stringMatching(sentence)])
})
