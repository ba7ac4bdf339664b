import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { verifyHelp } from '../../harness/cli/help.ts'
import { callableSuites } from '../../harness/cli/verify-call.ts'
import { projectFolder } from '../../harness/platform/call-folder.ts'
import { formatFiles } from '../../harness/report/report-formats.ts'
import { allRequirements } from '../../suites/all-requirements.ts'

const read = (path: string): string => readFileSync(join(projectFolder, path), 'utf8')
const project = JSON.parse(read('package.json')) as Record<'dependencies' | 'devDependencies' | 'scripts', object>

describe('README.md', () => {
  const readme = read('README.md')

  test('shows the help text as it is', () => {
    const [, shown] = /## All options\n\n```\n(.*?)```/s.exec(readme) ?? []
    expect(shown).toBe(verifyHelp())
  })

  test('names every suite that runs by default', () => {
    for (const suite of callableSuites) expect(readme).toContain(`\n| ${suite} |`)
  })

  test('has a line for each further report', () => {
    for (const [format, file] of Object.entries(formatFiles)) expect(readme).toContain(`\n| ${format} | \`${file}\` |`)
  })

  test('names only commands that exist', () => {
    const commands = [...readme.matchAll(/npm (?:run ([a-z-]+)|(test))/g)].map(([, script, test]) => script ?? test)
    expect(Object.keys(project.scripts)).toEqual(expect.arrayContaining(commands))
    const entries = [...readme.matchAll(/harness\/[\w-]+\.mjs/g)].map(([path]) => path)
    for (const entry of entries) expect(() => read(entry)).not.toThrow()
  })
})

describe('ARCHITECTURE.md', () => {
  const page = read('ARCHITECTURE.md')

  test('has a line for every folder of the harness and of its tools', () => {
    const folders = globSync(['harness/*/', 'tools/*/'], { cwd: projectFolder }).map((path) => path.replace(/\/$/, ''))
    expect(folders.filter((folder) => !page.includes(`\`${folder}\``))).toEqual([])
  })

  test('says why each dependency is there', () => {
    const names = Object.keys({ ...project.dependencies, ...project.devDependencies })
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([])
  })

  test('names no folder of the harness that does not exist', () => {
    const named = [...page.matchAll(/`((?:harness|tools)\/[\w-]+)`/g)].map(([, folder]) => folder as string)
    expect(named.filter((folder) => globSync(folder, { cwd: projectFolder }).length === 0)).toEqual([])
  })
})

describe('docs/', () => {
  const pages = globSync('docs/**/*.md', { cwd: projectFolder })

  test('links only to files that there are', () => {
    const broken = [...pages, 'README.md'].flatMap((page) =>
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
