import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { builtInProfiles } from './built-in-profiles.ts'
import { loadProfile } from './profile.ts'

const folder = mkdtempSync(join(tmpdir(), 'profile-'))
afterAll(() => rmSync(folder, { recursive: true }))

function written(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

describe('a profile', () => {
  test.each(builtInProfiles)('%s is built in, by its own name', async (name) => {
    expect((await loadProfile(name)).name).toBe(name)
  })

  test('extends another: tables are joined key by key, all else is replaced', async () => {
    const own = 'extends = "vpdmn"\nname = "mine"\n[sizes]\nimageBytes = 1\n[programs]\nhelpers = ["netavark"]\n'
    const [base, mine] = [await loadProfile('vpdmn'), await loadProfile(written('mine.toml', own))]
    expect(mine).toEqual({
      ...base,
      name: 'mine',
      sizes: { ...base.sizes, imageBytes: 1 },
      programs: { ...base.programs, helpers: ['netavark'] },
    })
  })

  test('may take keys away, be JSON, and extend a file beside it', async () => {
    written('base.json', JSON.stringify({ extends: 'vpdmn', name: 'base', remove: ['registries.aliases.nginx'] }))
    const profile = await loadProfile(written('child.json', '{"extends": "base.json", "name": "child"}'))
    expect(Object.keys(profile.registries.aliases)).not.toContain('nginx')
    expect(Object.keys(profile.registries.aliases)).toContain('alpine')
  })

  test.each([
    ['a key that does not exist', 'extends = "vpdmn"\n[sizes]\nimageBytez = 1\n', 'wrong at sizes.imageBytez'],
    ['a value of the wrong type', 'extends = "vpdmn"\n[sizes]\nimageBytes = "big"\n', 'wrong at sizes.imageBytes'],
    ['a wrong value in a list', 'extends = "vpdmn"\n[folders]\nrequired = ["proc"]\n', 'wrong at folders.required.0'],
    ['a profile that misses parts', 'name = "alone"\n', 'is wrong at'],
    ['a base that does not exist', 'extends = "none"\n', 'There is no profile none'],
    ['a base that is no name', 'extends = 1\n', 'is wrong at extends'],
    ['the removal of what is not there', 'extends = "vpdmn"\nremove = ["sizes.none"]\n', 'is wrong at remove'],
    ['a list of removals that is none', 'extends = "vpdmn"\nremove = "sizes"\n', 'is wrong at remove'],
    ['itself as its base', 'extends = "wrong.toml"\n', 'extends itself'],
    ['what is no TOML', 'extends = \n', 'cannot be read'],
    ['an incomplete waiver', 'extends = "vpdmn"\n[[waivers]]\nid = "FS-001"\n', 'wrong at waivers.0'],
  ])('with %s is refused, and the key or reason named', async (_, text, message) => {
    const path = written('wrong.toml', text)
    await expect(loadProfile(path)).rejects.toMatchObject({
      name: 'CallFault',
      message: expect.stringContaining(message),
    })
  })

  test('that does not exist is refused with the names of those that do', async () => {
    await expect(loadProfile('vpdmm')).rejects.toThrow(
      /neither a file nor one of vpdmn, vpdmn-wrynose, vpdmn-2026, vdkr\.$/,
    )
  })
})
