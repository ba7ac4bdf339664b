import { expect, test } from 'vitest'
import { EnvironmentFault } from '../../model/faults.ts'
import { TimeoutError, withTimeout } from './with-timeout.ts'

const never = new Promise<never>(() => {})

async function passedAfterMs(promise: Promise<unknown>): Promise<{ error: unknown; atMs: number }> {
  const startedMs = performance.now()
  const error = await promise.catch((cause) => cause)
  return { error, atMs: performance.now() - startedMs }
}

test('a bound passes after its time', async () => {
  const { error, atMs } = await passedAfterMs(withTimeout(100, never))
  expect(error).toBeInstanceOf(TimeoutError)
  expect(atMs).toBeGreaterThanOrEqual(100)
})

test('time in which what is awaited could not run comes on top', async () => {
  const startedMs = performance.now()
  const aThird = () => (performance.now() - startedMs) / 3
  const { error, atMs } = await passedAfterMs(withTimeout(200, never, aThird))
  expect(error).toBeInstanceOf(TimeoutError)
  expect(atMs).toBeGreaterThanOrEqual(295)
})

test('what could run for less than half of the time is not judged', async () => {
  const startedMs = performance.now()
  const mostOfIt = () => (performance.now() - startedMs) * 0.7
  const { error, atMs } = await passedAfterMs(withTimeout(500, never, mostOfIt))
  expect(error).toBeInstanceOf(EnvironmentFault)
  expect((error as Error).message).toMatch(/^The machine was too busy: the guest could run for 0 s of 1 s\. /)
  expect(atMs).toBeGreaterThanOrEqual(1000)
})

test('what comes in time is returned, however busy the machine', async () => {
  expect(await withTimeout(1000, Promise.resolve('answer'), () => 1e9)).toBe('answer')
})
