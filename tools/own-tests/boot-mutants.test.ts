import { describe, expect, test } from 'vitest'
import { runTool } from '../../harness/platform/process/run-tool.ts'
import { imageScripts } from '../../harness/recipes/reference-image/image-scripts.ts'
import { bootRequirements } from '../../suites/boot/requirements.ts'
import { xenRequirements } from '../../suites/xen/requirements.ts'
import { fieldEquivalents, fieldWarnings } from '../equivalents/field-equivalents.ts'
import { bootEquivalents } from '../mutants/boot/boot-equivalents.ts'
import { fullRecipe } from '../mutants/boot/boot-mutants.ts'
import { xenMutants } from '../mutants/boot/xen-mutants.ts'
import { initMutants } from '../mutants/boot-variants.ts'

const changes = [...initMutants, ...xenMutants, ...bootEquivalents]

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

test.each(fieldEquivalents)('the init $id is a script', async ({ init }) => {
  const { exitCode, stderr } = await runTool('busybox', ['sh', '-n'], { timeoutMs: 10_000, input: init })
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
})

test('what the inits in the field’s manner may fail is a warning', () => {
  const weighed = new Map(bootRequirements.map(({ id, severity }) => [id, severity]))
  expect(fieldWarnings.filter((id) => weighed.get(id) !== 'warning')).toEqual([])
})

test('mutants fail requirements that exist, and no two changes have one name', () => {
  const known = [...bootRequirements, ...xenRequirements].map(({ id }) => id)
  const named = [...initMutants, ...xenMutants].flatMap(({ fails, beside = [] }) => [...fails, ...beside])
  expect(known).toEqual(expect.arrayContaining(named))
  expect(new Set(changes.map(({ id }) => id)).size).toBe(changes.length)
})
