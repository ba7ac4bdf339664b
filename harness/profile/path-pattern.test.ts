import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matchesPath } from './path-pattern.ts'

test.each([
  ['/usr/bin/su', '/usr/bin/su', true],
  ['/usr/bin/su', '/usr/bin/sudo', false],
  ['/usr/*/su', '/usr/bin/su', true],
  ['/usr/*/su', '/usr/local/bin/su', false],
  ['/usr/**', '/usr/local/bin/su', true],
  ['/usr/**', '/usr', false],
  ['/**/su', '/usr/bin/su', true],
  ['/usr/bin/s?', '/usr/bin/su', true],
  ['/usr/bin/s?', '/usr/bin/s/', false],
  ['/{usr/,}bin/{mount,su}', '/bin/su', true],
  ['/{usr/,}bin/{mount,su}', '/usr/bin/mount', true],
  ['/{usr/,}bin/{mount,su}', '/usr/bin/umount', false],
  ['/etc/a,b', '/etc/a,b', true],
  ['/etc/a.b', '/etc/axb', false],
  ['/etc/[a]+$', '/etc/[a]+$', true],
  ['/etc/*', '/etc/with\nline', true],
])('%j and %j: %s', (pattern, path, matches) => {
  expect(matchesPath(pattern, path)).toBe(matches)
})

test('a path without special characters matches itself and nothing longer', () => {
  const name = fc.stringMatching(/^[a-zA-Z0-9 .+()|^$[\]\\-]{1,12}$/)
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 5 }), (names) => {
      const path = `/${names.join('/')}`
      expect([matchesPath(path, path), matchesPath(path, `${path}x`)]).toEqual([true, false])
    }),
  )
})
