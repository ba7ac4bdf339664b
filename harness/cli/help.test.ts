import { describe, expect, test } from 'vitest'
import { builtInProfiles } from '../profile/built-in-profiles.ts'
import { loadProfile } from '../profile/profile.ts'
import { mergeHelp, verifyHelp } from './help.ts'
import { mergeOptions } from './parse-merge-call.ts'
import { verifyOptions } from './verify-options.ts'

describe.each([
  ['verify.mjs', verifyHelp(), verifyOptions],
  ['verify.mjs merge', mergeHelp(), mergeOptions],
])('the help text of %s', (_, text, options) => {
  const lines = text.split('\n')

  test('fits a terminal of 80 columns and stays on one page', () => {
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
    expect(lines.length).toBeLessThanOrEqual(56)
  })

  test.each(options.map(({ name }) => name))('lists --%s once', (name) => {
    expect(lines.filter((line) => line.startsWith(`  --${name} `))).toHaveLength(1)
  })

  test('gives every exit code', () => {
    for (const code of ['0 conforms', '1 does not conform', '2 usage error', '3 harness']) expect(text).toContain(code)
  })
})

test.each(builtInProfiles)('the help text of verify.mjs names the profile %s and its era', async (name) => {
  const [, era] = new RegExp(` ${name}(?: \\(era (\\w+)\\))?,`).exec(verifyHelp()) ?? []
  expect(era ?? name.split('-')[1]).toBe((await loadProfile(name)).contract.era)
})
