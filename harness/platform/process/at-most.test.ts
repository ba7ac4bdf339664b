import { expect, test } from 'vitest'
import { atMost } from './at-most.ts'

test('no more tasks than the limit run at once, and results keep the order', async () => {
  let running = 0
  let most = 0
  const task = (value: number) => async () => {
    running++
    most = Math.max(most, running)
    await new Promise((resolve) => setImmediate(resolve))
    running--
    return value
  }
  expect(await atMost(2, [1, 2, 3, 4, 5].map(task))).toEqual([1, 2, 3, 4, 5])
  expect(most).toBe(2)
})

test('after a task that fails no further one is started', async () => {
  const started: number[] = []
  const task = (value: number) => async () => {
    started.push(value)
    if (value === 2) throw new Error('broken')
    await new Promise((resolve) => setImmediate(resolve))
  }
  await expect(atMost(2, [1, 2, 3, 4].map(task))).rejects.toThrow('broken')
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(started).toEqual([1, 2])
})
