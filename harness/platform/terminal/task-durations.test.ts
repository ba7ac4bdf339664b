import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { TaskDurations } from './task-durations.ts'

const folder = mkdtempSync(join(tmpdir(), 'task-durations-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('a task is expected to take what its last runs took in the middle', async () => {
  const path = join(folder, 'new', 'durations.json')
  const first = new TaskDurations(path)
  expect(first.expectedMs('boot')).toBeUndefined()
  for (const durationMs of [90_000, 10, 20, 30, 40, 50]) first.note('boot', durationMs)
  await first.save()
  expect(new TaskDurations(path).expectedMs('boot')).toBe(30)
})

test.each(['', '{"boot": ["soon"]}', '[1]'])('a file that holds %j is an empty one', (content) => {
  const path = join(folder, 'broken.json')
  writeFileSync(path, content)
  expect(new TaskDurations(path).expectedMs('boot')).toBeUndefined()
})

test('the file stays small, and a disk that refuses it fails nothing', async () => {
  const path = join(folder, 'many.json')
  const many = new TaskDurations(path)
  for (let index = 0; index < 500; index++) many.note(`task ${index}`, index)
  await many.save()
  expect(Object.keys(JSON.parse(readFileSync(path, 'utf8')))).toHaveLength(200)
  expect(new TaskDurations(path).expectedMs('task 499')).toBe(499)
  await new TaskDurations('/sys/durations.json').save()
})
