import { describe, expect, test } from 'vitest'
import { bootEquivalents } from '../../fixtures/mutants/boot-equivalents.ts'
import { fullRecipe } from '../../fixtures/mutants/boot-mutants.ts'
import { bootRequirements } from '../../suites/boot/requirements.ts'
import { imageScripts } from '../build/image-scripts.ts'
import { initMutants } from '../mutants/boot-variants.ts'
import { runTool } from '../process/run-tool.ts'

const changes = [...initMutants, ...bootEquivalents]

describe.each(changes)('the changed script $id', ({ recipe = fullRecipe, file, from, to }) => {
  test('replaces a text that is there once, and is a script all the same', async () => {
    const { [file]: script } = await imageScripts(recipe)
    expect(script.split(from)).toHaveLength(2)
    const changed = script.replace(from, () => to)
    const { exitCode, stderr } = await runTool('busybox', ['sh', '-n'], { timeoutMs: 10_000, input: changed })
    expect(stderr).toBe('')
    expect(exitCode).toBe(0)
  })
})

test('mutants fail requirements that exist, and no two changes have one name', () => {
  const known = bootRequirements.map(({ id }) => id)
  expect(known).toEqual(expect.arrayContaining(initMutants.flatMap(({ fails, beside = [] }) => [...fails, ...beside])))
  expect(new Set(changes.map(({ id }) => id)).size).toBe(changes.length)
})
