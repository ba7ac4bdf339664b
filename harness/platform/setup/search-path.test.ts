import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { toolPath } from './search-path.mjs'

test('a plain user’s path is searched first, then the folders of administrators, each once', () => {
  expect(toolPath('/usr/bin:/usr/sbin')).toBe('/usr/bin:/usr/sbin:/usr/local/sbin:/sbin')
})

test('the current folder, as an empty or a relative part, is not searched', () => {
  expect(toolPath(':bin:/bin')).toBe('/bin:/usr/local/sbin:/usr/sbin:/sbin')
})

test('with it, a plain user’s shell finds the maker of disks that set-up proves', () => {
  const env = { PATH: toolPath('/usr/bin:/bin') }
  expect(execFileSync('/bin/sh', ['-c', 'command -v mke2fs'], { env, encoding: 'utf8' })).toMatch(/sbin\/mke2fs\n$/)
})
