import { expect, test } from 'vitest'
import { tablesOf } from '../../suites/podman/spoiling-files.ts'

test('a file without one of its tables keeps the others', () => {
  const text = 'top = 1\n[engine]\na = [\n"[x]",\n]\n [network] # net\nb = 2\n[[registry]]\nc = 3\n'
  const tables = tablesOf(text)
  expect(tables.map(({ name }) => name)).toEqual(['engine', 'network', 'registry'])
  expect(tables[0]?.without).toBe('top = 1\n [network] # net\nb = 2\n[[registry]]\nc = 3\n')
  expect(tables[2]?.without).toBe('top = 1\n[engine]\na = [\n"[x]",\n]\n [network] # net\nb = 2')
})

test('a file without tables has none to leave out', () => {
  expect(tablesOf('a = 1\n')).toEqual([])
})
