import { execFileSync, spawn } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { longestDelay, processorWait } from './processor-wait.ts'

const children: ReturnType<typeof spawn>[] = []
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
})

/** A program on one processor of the machine, whichever is the first allowed. */
const [processor] =
  execFileSync('taskset', ['-cp', String(process.pid)], { encoding: 'utf8' }).match(/\d+(?=\D*$|[-,])/g) ?? []
function onOneProcessor(...command: string[]): number {
  const child = spawn('taskset', ['-c', processor as string, ...command], { stdio: 'ignore' })
  children.push(child)
  return child.pid as number
}

test('a program that competes for its processor waits; one that sleeps does not', async () => {
  const busy = ['sh', '-c', 'while :; do :; done']
  const [one, , , sleeper] = [...Array(3).fill(busy), ['sleep', '60']].map((command) => onOneProcessor(...command))
  await pause(300)
  const [waitOfOne, waitOfSleeper] = [processorWait(one as number), processorWait(sleeper as number)]
  await pause(1500)
  expect(waitOfOne()).toBeGreaterThan(500)
  expect(waitOfSleeper()).toBeLessThan(200)
})

/** What keeps `threadCount` threads of one process busy for 60 s: Node's own pool, which hashes a password in each. */
const busyThreads = (threadCount: number): string[] => [
  process.execPath,
  '-e',
  `for (let n = 0; n < ${threadCount}; n++) require('node:crypto').pbkdf2('', '', 1e9, 1, 'sha512', () => {})`,
]

test('threads that wait for one another are no wait of their process', async () => {
  const child = spawn('taskset', ['-c', processor as string, 'nice', '-n', '-20', ...busyThreads(8)], {
    env: { ...process.env, UV_THREADPOOL_SIZE: '8' },
    stdio: 'ignore',
  })
  children.push(child)
  await pause(1000)
  const waited = processorWait(child.pid as number)
  await pause(2000)
  expect(waited()).toBeLessThan(1400)
})

test('a process that is gone waits for nothing', () => {
  expect(processorWait(2 ** 22 + 1)()).toBe(0)
})

test('the longest delay of a process is that of all its threads together', async () => {
  const program = `const { Worker } = require('node:worker_threads'); new Worker('for (;;) {}', { eval: true }); for (;;) {}`
  const pid = onOneProcessor(process.execPath, '-e', program)
  await pause(1000)
  const [longestWaitMs, delayMs] = [processorWait(pid), longestDelay(pid)]
  await pause(1500)
  // Each of two threads waits while the other runs.
  const [one, all] = [longestWaitMs(), delayMs()]
  expect(all).toBeGreaterThan(1.5 * one)
})
