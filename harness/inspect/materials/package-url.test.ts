import { expect, test } from 'vitest'
import { packageUrl } from './package-url.ts'

test('parts that may hold anything are encoded, qualifiers sorted, and empty ones left out', () => {
  const parts = { type: 'deb', namespace: 'debian', name: 'libstdc++6', version: '1:14.2-19~x' }
  expect(packageUrl({ ...parts, qualifiers: { distro: 'debian-13', arch: 'arm64', epoch: undefined } })).toBe(
    'pkg:deb/debian/libstdc%2B%2B6@1:14.2-19~x?arch=arm64&distro=debian-13',
  )
})

test('a namespace keeps its slashes, a name does not', () => {
  const version = 'v2.0.0+incompatible'
  expect(packageUrl({ type: 'golang', namespace: 'github.com/docker', name: 'docker', version })).toBe(
    'pkg:golang/github.com/docker/docker@v2.0.0%2Bincompatible',
  )
  expect(packageUrl({ type: 'generic', namespace: '', name: 'a/b?c#d@e\ud800', version: '' })).toBe(
    'pkg:generic/a%2Fb%3Fc%23d%40e%EF%BF%BD',
  )
})
