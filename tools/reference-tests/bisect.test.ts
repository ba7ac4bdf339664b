import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { Lifetime } from '../../harness/platform/process/lifetime.ts'
import { bisectHidden } from '../bisect/bisect-hidden.ts'
import { hiddenMutant } from '../bisect/hidden-mutants.ts'

const folder = mkdtempSync(join(tmpdir(), 'bisect-mutants-'))
const lifetime = new Lifetime()
afterEach(async () => {
  await lifetime.end()
  rmSync(folder, { recursive: true })
})

/** Fifteen trials take a second each, and several beside other work. */
const timeoutMs = 240_000

/** Finding one item takes a logarithm and one more; beside that, the ends, the files, the lines, and BAD without it. */
const mostTrials = 20

test(
  'a misspelt key is found among forty updated packages, by its line',
  async () => {
    const { culprits, isFound, trials } = await bisectHidden(hiddenMutant('key-misspelt'), 'x86_64', folder, lifetime)
    expect(culprits).toHaveLength(1)
    expect(culprits[0]).toMatch(/^\/etc\/containers\/containers\.conf: "helper_binaries_dir .*helper_binary_dir/)
    expect(isFound).toBe(true)
    expect(trials).toBeLessThanOrEqual(mostTrials)
  },
  timeoutMs,
)
