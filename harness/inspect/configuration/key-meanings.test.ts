import { expect, test } from 'vitest'
import { keyMeanings } from './key-meanings.ts'
import { containersKeys, type KnownKeys, registriesKeys, storageKeys } from './known-keys.ts'

/** Tables of one level: what is below is classified by the key that holds it. */
const classifiedTables = (known: KnownKeys): string[] =>
  Object.entries(known)
    .filter(
      ([table]) => table !== '' && !/^engine\.|^\w+\.opts|^farms\.|^storage\.options\.|^aliases|^registry/.test(table),
    )
    .flatMap(([table, keys]) => Object.keys(keys).map((key) => `${table}.${key}`))

const every = [
  ...classifiedTables(containersKeys),
  ...classifiedTables(storageKeys).filter((key) => key !== 'storage.options'),
  'storage.options.overlay.mount_program',
  ...Object.keys(registriesKeys[''] ?? {}).map((key) => `registries.${key}`),
]

test('every key that podman knows has a meaning, and no other', () => {
  expect([...keyMeanings.keys()].sort()).toEqual(every.sort())
})
