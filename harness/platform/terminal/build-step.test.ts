import { expect, test } from 'vitest'
import { buildStep, inBuildTask } from './build-step.ts'
import type { Progress } from './progress.ts'

function recorded(): { progress: Progress; told: string[] } {
  const told: string[] = []
  const progress: Progress = {
    begin: (title) => ({
      awaiting: (what) => void told.push(`${title} awaits ${what}`),
      doing: (step) => void told.push(`${title}: ${step}`),
      end: () => void told.push(`${title} ended`),
      fail: (reason) => void told.push(`${title} failed: ${reason}`),
    }),
    warn() {},
    note() {},
    close() {},
  }
  return { progress, told }
}

test('a line names what is built, then the step, which may have a colon too', () => {
  expect(buildStep('boot kit x86_64: unpacking: a, b')).toEqual({ built: 'boot kit x86_64', step: 'unpacking: a, b' })
})

test('a build is one task from its first line to its end', async () => {
  const { progress, told } = recorded()
  const made = await inBuildTask(progress, async (tell) => {
    tell('boot kit x86_64: unpacking')
    tell('boot kit x86_64: packing')
    return 7
  })
  expect(made).toBe(7)
  expect(told).toEqual(['boot kit x86_64: unpacking', 'boot kit x86_64: packing', 'boot kit x86_64 ended'])
})

test('what needs no build is no task', async () => {
  const { progress, told } = recorded()
  await inBuildTask(progress, async () => 7)
  expect(told).toEqual([])
})

test('a build that fails ends its task with the first line of the reason', async () => {
  const { progress, told } = recorded()
  const failing = inBuildTask(progress, async (tell) => {
    tell('boot kit x86_64: unpacking')
    throw new Error('no mirror\nlong story')
  })
  await expect(failing).rejects.toThrow('no mirror')
  expect(told.at(-1)).toBe('boot kit x86_64 failed: no mirror')
})
