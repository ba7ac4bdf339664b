import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { architectureNames, architectures } from '../../harness/model/architecture.ts'
import { projectFolder } from '../../harness/platform/call-folder.ts'
import { systemParts } from '../../harness/platform/setup/system-parts.mjs'

const table = 'harness/model/architecture.ts'
const modules = globSync('{harness,suites,tools,fixtures}/**/*.{ts,mjs}', { cwd: projectFolder }).filter(
  (path) => !/\.(?:test|generated)\.ts$/.test(path) && path !== table,
)
const names = [
  ...new Set(Object.values(architectures).flatMap(({ name, debian, oci, node }) => [name, debian, oci, node])),
]
const name = `'(?:${names.join('|')})'`

/** Modules of which some line matches. */
const modulesWith = (pattern: RegExp): string[] =>
  modules.filter((path) => pattern.test(readFileSync(join(projectFolder, path), 'utf8')))

describe('what differs between architectures', () => {
  test('stands in tables, and no branch asks which architecture it is', () => {
    expect(
      modulesWith(new RegExp(`[!=]==? ${name}|${name} [!=]==?|case ${name}|\\.(?:includes|has)\\(${name}\\)`)),
    ).toEqual([])
  })

  test('stands in tables of which the compiler demands a row for each', () => {
    const untyped = modulesWith(/^\s*(?:.*[{,] )?aarch64: /m).filter(
      (path) => !/Record<ArchitectureName, /.test(readFileSync(join(projectFolder, path), 'utf8')),
    )
    expect(untyped).toEqual([])
  })

  test.each(architectureNames)('%s has an emulator that the set-up installs', (arch) => {
    expect(systemParts.map(({ proof }) => proof)).toContain(architectures[arch].emulator)
  })
})
