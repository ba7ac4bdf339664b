import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, test } from 'vitest'
import { projectFolder } from '../../harness/platform/call-folder.ts'

/** The rooms from top to bottom, as ARCHITECTURE.md has them. The first that a path matches is its room. */
const rooms: readonly (readonly [room: string, pattern: RegExp])[] = [
  ['tools', /^tools\//],
  ['entries', /^harness\/[\w-]+\.mjs$/],
  ['cli', /^harness\/cli\//],
  ['bisect', /^harness\/bisect\//],
  ['tests of the guest suites', /^suites\/(boot|podman)\/(?!requirements)/],
  ['run', /^harness\/run\//],
  ['measure', /^harness\/measure\//],
  ['attest', /^harness\/attest\//],
  ['report', /^harness\/report\//],
  ['suites', /^suites\//],
  ...[
    'guest',
    'registry',
    'workloads',
    'recipes',
    'machine',
    'inspect',
    'profile',
    'image',
    'platform',
    'contract',
    'model',
  ].map((room) => [room, new RegExp(`^harness/${room}/`)] as const),
]

/** Modules, without tests and what only those use. */
const modules = globSync('{harness,suites,tools}/**/*.{ts,mjs}', { cwd: projectFolder })
  .filter((path) => !/\.test\.ts$|\/sample-[\w-]+\.ts$/.test(path))
  .sort()

const imported = /(?:\bfrom |^import |\bimport\()'(\.{1,2}\/[^']+)'/gm

const importsOf = (path: string): string[] =>
  [...readFileSync(join(projectFolder, path), 'utf8').matchAll(imported)]
    .map(([, name]) => normalize(join(dirname(path), name as string)))
    .filter((target) => !target.startsWith('fixtures/'))

const graph = new Map(modules.map((path) => [path, importsOf(path)]))
const levelOf = (path: string): number => rooms.findIndex(([, pattern]) => pattern.test(path))

/** A way from a module back to itself, if there is one. */
function circle(from: string, way: readonly string[], done: Set<string>): readonly string[] | undefined {
  if (way.includes(from)) return [...way.slice(way.indexOf(from)), from]
  if (done.has(from)) return undefined
  for (const target of graph.get(from) ?? []) {
    const found = circle(target, [...way, from], done)
    if (found) return found
  }
  done.add(from)
  return undefined
}

describe('the rooms of the house', () => {
  test('hold every module', () => {
    expect(modules.length).toBeGreaterThan(400)
    expect(modules.filter((path) => levelOf(path) < 0)).toEqual([])
  })

  test('import from those below and never from one above', () => {
    const upward = [...graph].flatMap(([path, targets]) =>
      targets.filter((target) => levelOf(target) < levelOf(path)).map((target) => `${path} -> ${target}`),
    )
    expect(upward).toEqual([])
  })

  test('have no modules that import one another in a circle', () => {
    const done = new Set<string>()
    for (const path of modules) expect(circle(path, [], done)).toBeUndefined()
  })

  test('stand in ARCHITECTURE.md in this order', () => {
    const page = readFileSync(join(projectFolder, 'ARCHITECTURE.md'), 'utf8')
    const places = rooms.flatMap(([room]) => {
      const place = page.indexOf(`\n| \`harness/${room}\` |`)
      return place < 0 ? [] : [place]
    })
    expect(places.length).toBeGreaterThan(10)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
  })
})
