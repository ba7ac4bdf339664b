import type { ChildProcess } from 'node:child_process'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { distDir, type PoolOptions } from 'vitest/node'
import { Lifetime } from '../platform/process/lifetime.ts'
import { suitePool } from './suite-worker.ts'

const streams = { outputStream: new PassThrough(), errorStream: new PassThrough() }
const options = { distPath: distDir, execArgv: [], env: {}, project: { vitest: { logger: streams } } }
const workerOf = (lifetime: Lifetime) => suitePool(lifetime).createPoolWorker(options as unknown as PoolOptions)

test('a process of tests is gone when its run has ended', async () => {
  const lifetime = new Lifetime()
  const worker = workerOf(lifetime)
  await worker.start()
  const gone = new Promise((resolve) => worker.on('exit', resolve))
  await lifetime.end()
  expect(await Promise.race([gone, Promise.resolve('there')])).not.toBe('there')
})

test('no process of tests starts behind the end of its run', async () => {
  const lifetime = new Lifetime()
  await lifetime.end()
  const started = workerOf(lifetime).start()
  expect(
    await Promise.race([started.then(() => 'started'), new Promise((resolve) => setTimeout(resolve, 50, 'not'))]),
  ).toBe('not')
})

test('a process of tests that a signal to all of the terminal ended before its run is not waited for', async () => {
  const lifetime = new Lifetime()
  const worker = workerOf(lifetime)
  await worker.start()
  const gone = new Promise((resolve) => worker.on('exit', resolve))
  ;(worker as unknown as { fork: ChildProcess }).fork.kill('SIGTERM')
  await gone
  await lifetime.end()
  expect(lifetime.hasEnded).toBe(true)
}, 10_000)
