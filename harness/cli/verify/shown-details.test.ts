import { expect, test } from 'vitest'
import { shownConfiguration, shownPackages } from './shown-details.ts'

test('the configuration shown is bounded, whatever the image holds', () => {
  const value = { key: 'k'.repeat(2000), value: ['v'.repeat(2000)], origin: '/etc/containers/storage.conf' }
  const variable = { name: 'N', value: 'v'.repeat(2000), origin: '/init:1' }
  const shown = shownConfiguration({
    podman: { path: '/usr/bin/podman', version: '5.4.2', versionSource: 'program' },
    files: [
      {
        kind: 'storage',
        read: Array(500).fill('/etc/x.conf'),
        ignored: Array(500).fill({ path: '/p', reason: 'not read' }),
        values: Array(5000).fill(value),
      },
    ],
    environment: Array(5000).fill(variable),
    searchPath: [],
  })
  expect(JSON.stringify(shown).length).toBeLessThan(800_000)
  expect(shown).toMatchObject({ podman: '5.4.2', files: [{ kind: 'storage', read: expect.any(Array) }] })
  expect(shown.files[0]?.values[0]?.key).toBe(`${'k'.repeat(500)}…`)
})

test('of very many packages the first are shown, and how many more there are', () => {
  const material = {
    name: 'a',
    version: '1',
    license: undefined,
    url: 'pkg:deb/a@1',
    purpose: undefined,
    path: undefined,
  }
  const { listed, leftOut } = shownPackages({ source: 'dpkg', materials: Array(1500).fill({ ...material, parts: [] }) })
  expect([listed.length, leftOut, listed[0]]).toEqual([1000, 500, { name: 'a', version: '1', url: 'pkg:deb/a@1' }])
})
