import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isSameRegistry, registryRowsInForce, sourceOf } from './registry-sources.ts'

const rowsOf = (...files: Record<string, unknown>[][]) =>
  registryRowsInForce(files.map((registry, index) => ({ path: `/${index}.conf`, values: { registry } })))

test('the longest prefix decides, and what follows it is kept', () => {
  const rows = rowsOf([
    { prefix: 'docker.io', location: 'mirror.example/hub' },
    { prefix: 'docker.io/library', location: 'quay.io/libpod' },
  ])
  expect(sourceOf('docker.io/library/alpine', rows)?.source).toBe('quay.io/libpod/alpine')
  expect(sourceOf('docker.io/other/tool', rows)?.source).toBe('mirror.example/hub/other/tool')
  expect(sourceOf('docker.iox/library/alpine', rows)).toBeUndefined()
})

test('a wildcard matches hosts below, not paths', () => {
  const rows = rowsOf([{ prefix: '*.example.com', location: 'other.example' }])
  expect(sourceOf('a.b.example.com/tool', rows)?.source).toBe('other.example/tool')
  expect(sourceOf('quay.io/a.example.com/tool', rows)).toBeUndefined()
  expect(sourceOf('example.com/tool', rows)).toBeUndefined()
})

test('of one prefix the last file counts, and of one file the first row', () => {
  const rows = rowsOf(
    [{ location: 'quay.io', blocked: true }],
    [{ location: 'quay.io' }, { location: 'quay.io', blocked: true }],
  )
  expect(rows).toEqual([expect.objectContaining({ prefix: 'quay.io', path: '/1.conf', isBlocked: false })])
})

test('a row without location leaves the name as it is', () => {
  const name = fc.stringMatching(/^[a-z]{1,5}\.example\.com\/[a-z]{1,5}$/)
  fc.assert(fc.property(name, (each) => sourceOf(each, rowsOf([{ prefix: '*.example.com' }]))?.source === each))
})

test('hosts below a registry are of it', () => {
  expect(isSameRegistry('docker.io/library/alpine', 'registry-1.docker.io/library/alpine')).toBe(true)
  expect(isSameRegistry('docker.io/library/alpine', 'quay.io/libpod/alpine')).toBe(false)
  expect(isSameRegistry('docker.io/library/alpine', 'notdocker.io/alpine')).toBe(false)
})
