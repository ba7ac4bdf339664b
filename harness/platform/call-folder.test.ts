import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { callArguments, callFolder } from './call-folder.ts'

describe('callFolder', () => {
  test('is where npm was called, for a script that takes paths', () => {
    expect(callFolder({ npm_lifecycle_event: 'verify', INIT_CWD: '/there' })).toBe('/there')
  })

  test('is the folder of the process otherwise, even below another npm script', () => {
    expect(callFolder({ npm_lifecycle_event: 'test', INIT_CWD: '/there' })).toBe(process.cwd())
    expect(callFolder({})).toBe(process.cwd())
  })
})

describe('callArguments', () => {
  const entry = import.meta.filename
  const url = pathToFileURL(entry).href

  test('are the same under zx and under node', () => {
    expect(callArguments(url, ['node', entry, 'a', '--json'])).toEqual(['a', '--json'])
    expect(callArguments(url, ['node', 'zx', entry, 'a', '--json'])).toEqual(['a', '--json'])
    expect(callArguments(url, ['node', 'zx', '--quiet', entry, 'a', '--json'])).toEqual(['a', '--json'])
  })
})
