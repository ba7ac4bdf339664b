import { expect, test } from 'vitest'
import { runTool } from '../../harness/platform/process/run-tool.ts'
import { bootRequirements } from '../../suites/boot/requirements.ts'
import { hostileImages } from './hostile-images.ts'

test.each(hostileImages)('the init of "$id" is a script', async ({ init }) => {
  const { exitCode, stderr } = await runTool('busybox', ['sh', '-n'], { timeoutMs: 10_000, input: init })
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
})

test.each(hostileImages)('"$id" is asked for requirements that exist, and fails some of them', ({ asked, fails }) => {
  expect(bootRequirements.map(({ id }) => id)).toEqual(expect.arrayContaining([...asked]))
  expect(asked).toEqual(expect.arrayContaining([...fails]))
  expect(fails.length).toBeGreaterThan(0)
})

test.each(hostileImages.filter(({ beside }) => beside))('beside "$id" runs another of them', ({ id, beside }) => {
  expect(hostileImages.filter((image) => image.id !== id).map((image) => image.id)).toContain(beside)
})

test('no two have one name, and the short form has one', () => {
  expect(new Set(hostileImages.map(({ id }) => id)).size).toBe(hostileImages.length)
  expect(hostileImages.some(({ isShort }) => isShort)).toBe(true)
})
