import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { projectFolder } from '../../harness/platform/call-folder.ts'
import { allRequirements } from '../../suites/all-requirements.ts'

const read = (path: string): string => readFileSync(join(projectFolder, path), 'utf8')
const project = JSON.parse(read('package.json')) as Record<
  'dependencies' | 'optionalDependencies' | 'devDependencies' | 'scripts',
  object
>

describe('README.md', () => {
  const readme = read('README.md')

  test('names as the test command what .ci/run calls', () => {
    expect(readme).toMatch(/^npm test\b/m)
    expect(read('.ci/run')).toMatch(/^npm test$/m)
  })

  test('names only commands that exist', () => {
    const commands = [...readme.matchAll(/npm (?:run ([a-z-]+)|(test))/g)].map(([, script, test]) => script ?? test)
    expect(commands).toEqual(expect.arrayContaining(['verify', 'test']))
    expect(Object.keys(project.scripts)).toEqual(expect.arrayContaining(commands))
    const entries = [...readme.matchAll(/harness\/[\w-]+\.mjs/g)].map(([path]) => path)
    expect(entries).toContain('harness/verify.mjs')
    for (const entry of entries) expect(() => read(entry)).not.toThrow()
  })

  test('is a front page: no more than two screens and two pictures of at most 60 KiB', () => {
    expect(readme.split('\n').length).toBeLessThan(100)
    const pictures = [...readme.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, path]) => path as string)
    expect(pictures).toHaveLength(2)
    for (const path of pictures) expect(statSync(join(projectFolder, path)).size).toBeLessThanOrEqual(60 * 1024)
  })
})

describe('ARCHITECTURE.md', () => {
  const page = read('ARCHITECTURE.md')

  test('has a line for every folder of the harness and of its tools', () => {
    const folders = globSync(['harness/*/', 'tools/*/'], { cwd: projectFolder }).map((path) => path.replace(/\/$/, ''))
    expect(folders.filter((folder) => !page.includes(`\`${folder}\``))).toEqual([])
  })

  test('says why each dependency is there', () => {
    const names = Object.keys({ ...project.dependencies, ...project.optionalDependencies, ...project.devDependencies })
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([])
  })

  test('names no folder of the harness that does not exist', () => {
    const named = [...page.matchAll(/`((?:harness|tools)\/[\w-]+)`/g)].map(([, folder]) => folder as string)
    expect(named.filter((folder) => globSync(folder, { cwd: projectFolder }).length === 0)).toEqual([])
  })
})

describe('docs/', () => {
  const pages = globSync(['docs/**/*.md', '*.md'], { cwd: projectFolder })

  test('links only to files that there are', () => {
    const broken = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:)([^)#]+)\)/g)]
        .map(([, target]) => join(dirname(page), target as string))
        .filter((target) => !existsSync(join(projectFolder, target))),
    )
    expect(broken).toEqual([])
  })

  test('names only files, scripts and requirements that there are', () => {
    const text = pages
      .filter((page) => !page.startsWith('docs/suites'))
      .map(read)
      .join('\n')
    const files = [...text.matchAll(/`((?:harness|suites|tools|fixtures)\/[\w./-]+)`/g)].map(
      ([, path]) => path as string,
    )
    expect(files.filter((path) => !existsSync(join(projectFolder, path)))).toEqual([])
    const scripts = [...text.matchAll(/npm run ([a-z-]+)/g)].map(([, script]) => script)
    expect(Object.keys(project.scripts)).toEqual(expect.arrayContaining(scripts))
    const ids = [...text.matchAll(/\b(?!SHA)[A-Z]{2,4}-\d{3}\b/g)].map(([id]) => id)
    expect(ids.filter((id) => !allRequirements.has(id))).toEqual([])
  })
})

test('CHANGELOG.md has a dated section for the version of package.json, and what is unreleased before it', () => {
  const headings = [...read('CHANGELOG.md').matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)
  const { version } = JSON.parse(read('package.json')) as { version: string }
  expect(headings.slice(0, 2)).toEqual(['Unreleased', expect.stringMatching(`^${version} - \\d{4}-\\d{2}-\\d{2}$`)])
})
