import { globSync, readFileSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parameterNames, podman, vcontainerWords } from '../../harness/contract/engines.ts'
import { projectFolder } from '../../harness/platform/call-folder.ts'

/** Style that neither the compiler nor the linter knows, as tests over all files of the project that people write. */
const files = globSync(['*.{json,ts,md}', '.npmrc', '.ci/*', '{harness,suites,fixtures,reports,docs,yocto}/**/*'], {
  cwd: projectFolder,
  withFileTypes: true,
  exclude: (entry) => entry.name === 'node_modules' || (entry.name === 'out' && entry.parentPath.endsWith('/reports')),
})
  .filter((entry) => entry.isFile() && entry.name !== 'package-lock.json')
  .map((entry) => `${entry.parentPath}/${entry.name}`.slice(projectFolder.length + 1))

const read = (path: string): string => readFileSync(`${projectFolder}/${path}`, 'utf8')
const isScript = (path: string): boolean => ['.ts', '.mjs', '.sh'].includes(extname(path))
const scripts = files.filter(isScript)
const texts = files.filter(
  (path) => isScript(path) || ['.json', '.md', '.yml', '.toml', '.bbclass', '.conf', ''].includes(extname(path)),
)

/** Lines of the given files that match, as `path:line: text`. */
const linesThatMatch = (paths: readonly string[], pattern: RegExp): string[] =>
  paths.flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
  )

describe('the files of the project', () => {
  test('are found', () => {
    expect(files).toContain('harness/verify.mjs')
    expect(files).toContain('.ci/run')
    expect(files.filter((path) => path.includes('node_modules') || path.startsWith('reports/out'))).toEqual([])
  })

  test('have at most 300 lines; the image’s own scripts are as many files as its recipe says', () => {
    expect(
      scripts.filter((path) => extname(path) !== '.sh').filter((path) => read(path).split('\n').length > 301),
    ).toEqual([])
  })

  test('are named in lower case with hyphens, and by what they hold', () => {
    const names = scripts.map((path) => basename(path).split('.')[0] as string)
    expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))).toEqual([])
    const shapeless = /(^|\/)(utils?|helpers?|common|misc|managers?|shared|lib)(\/|\.)/
    expect(scripts.filter((path) => shapeless.test(path) && !path.startsWith('fixtures/'))).toEqual([])
  })

  test('name no folder of the machine that they lie on', () => {
    expect(texts.filter((path) => read(path).includes(`${projectFolder}/`))).toEqual([])
  })

  test('leave nothing for later', () => {
    expect(linesThatMatch(scripts, new RegExp(['TO', 'DO\\b|FIX', 'ME\\b|\\bXX', 'X\\b'].join('')))).toEqual([])
  })

  test('spell the contract in one place', () => {
    const [prefix, ...words] = [podman.prefix, ...Object.values(podman.shareTags), ...Object.values(vcontainerWords)]
    const literal = new RegExp(
      `\\b${prefix}(?:${parameterNames.join('|')})\\b|={3}[A-Z0-9]|\\b(?:${words.join('|').replaceAll('.', '\\.')})\\b`,
    )
    const shipped = scripts.filter(
      (path) =>
        (path.startsWith('suites/') || (path.startsWith('harness/') && !path.endsWith('.test.ts'))) &&
        !path.startsWith('harness/contract/') &&
        !/^harness\/recipes\/(reference-image|boot-kit)\//.test(path),
    )
    expect(linesThatMatch(shipped, literal)).toEqual([])
  })

  test('print through the report, not by the console', () => {
    const modules = scripts.filter((path) => !path.endsWith('.test.ts'))
    expect(linesThatMatch(modules, /\bconsole\.(log|error|warn|info)\(/)).toEqual([])
  })

  test('hold no test that is left out or alone', () => {
    const tests = scripts.filter((path) => path.endsWith('.test.ts'))
    expect(linesThatMatch(tests, /\b(test|describe|it)(\.\w+)*\.(skip|only|todo)\b/)).toEqual([])
  })
})
