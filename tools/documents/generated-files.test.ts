import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { callableSuites } from '../../harness/cli/verify-call.ts'
import { projectFolder } from '../../harness/platform/call-folder.ts'
import { allRequirements } from '../../suites/all-requirements.ts'
import { generatedFiles, reportPicturePath } from './generated-files.ts'
import { reportPictureSource } from './pictures.ts'
import { sourceOf, withSource } from './png-source.ts'
import { withSections } from './sections.ts'
import { terminalPicture } from './terminal-picture.ts'

const read = (path: string): Buffer => readFileSync(join(projectFolder, path))

test.each([...generatedFiles])('%s is up to date', (path, make) => {
  expect(read(path).toString(), `${path} is stale: renew it by "npm run docs"`).toBe(make())
})

test(`${reportPicturePath} shows the page as it is today`, () => {
  const stale = `${reportPicturePath} is stale: renew it by "npm run docs"`
  expect(sourceOf(read(reportPicturePath)), stale).toBe(reportPictureSource())
})

describe('the table of what is checked in README.md', () => {
  const readme = read('README.md').toString()

  test('counts every requirement that a suite has', () => {
    const counts = [...readme.matchAll(/^\| \[(\w+)\]\([^)]+\) \|[^|]*\| (\d+) \|(.*)\|$/gm)]
    expect(counts.map(([, suite]) => suite)).toEqual([...callableSuites])
    expect(counts.reduce((sum, [, , count]) => sum + Number(count), 0)).toBe(allRequirements.size)
    for (const [, , count, areas] of counts)
      expect([...(areas as string).matchAll(/ (\d+)(?= ·| $)/g)].reduce((sum, [, one]) => sum + Number(one), 0)).toBe(
        Number(count),
      )
  })
})

describe('withSections', () => {
  const page = 'a\n<!-- begin x: made by "npm run docs" -->\nold\n<!-- end x -->\nb\n'

  test('renews what stands between the marks, and nothing else; empty sections too', () => {
    const renewed = page.replace('old', () => '$& new')
    expect(withSections(page, { x: '$& new' })).toBe(renewed)
    expect(withSections(renewed, { x: '$& new' })).toBe(renewed)
    expect(withSections(page.replace('old\n', ''), { x: 'old' })).toBe(page)
  })

  test.each([
    ['without the marks', 'a\nb\n'],
    ['without the last mark', page.replace('<!-- end x -->', '')],
    ['with a section twice', page + page],
  ])('refuses a page %s', (_, wrong) => {
    expect(() => withSections(wrong, { x: 'new' })).toThrow('begin x')
  })
})

describe('terminalPicture', () => {
  test('shows each run in its colour, at its column, and takes no text for markup', () => {
    const svg = terminalPicture('\x1b[31mFAIL\x1b[39m <a> & "b"\nnext', 'what "it" shows')
    expect(svg).toContain('fill="#ff8080">FAIL</text>')
    expect(svg).toContain(' x="45.2" y="27"')
    expect(svg).toContain('>\u00a0&lt;a&gt;\u00a0&amp;\u00a0&quot;b&quot;</text>')
    expect(svg).toContain('y="45" textLength="31.2" lengthAdjust="spacingAndGlyphs">next<')
    expect(svg).toContain('aria-label="what &quot;it&quot; shows"')
  })
})

test('a picture says what it was made from, and one without a note says nothing', () => {
  const png = read(reportPicturePath)
  expect(sourceOf(withSource(png, 'f'.repeat(64)))).toBe('f'.repeat(64))
  expect(sourceOf(Buffer.alloc(200))).toBeUndefined()
})
