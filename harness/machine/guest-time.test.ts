import { spawn } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, test, vi } from 'vitest'
import { countGuestTime, takeGuestTime, waitedShare } from './guest-time.ts'

afterEach(() => {
  vi.useRealTimers()
  takeGuestTime()
})

/** Counts a guest that waits as told at each moment, in milliseconds since its start, for as long as told. */
function counted(endsMs: number, waited: (atMs: number) => number) {
  vi.useFakeTimers()
  const startedMs = performance.now()
  const end = countGuestTime(1, () => () => waited(performance.now() - startedMs))
  vi.advanceTimersByTime(endsMs)
  return end
}

test('time is what a guest ran and what it waited, and is counted once', () => {
  counted(10_000, (atMs) => atMs / 4)()
  expect(takeGuestTime()).toEqual({ ranMs: 7500, waitedMs: 2500 })
  expect(takeGuestTime()).toEqual({ ranMs: 0, waitedMs: 0 })
})

test('what was taken in the middle of a guest’s life is not counted again', () => {
  const end = counted(4000, (atMs) => atMs / 2)
  expect(takeGuestTime()).toEqual({ ranMs: 2000, waitedMs: 2000 })
  vi.advanceTimersByTime(1000)
  end()
  expect(takeGuestTime()).toEqual({ ranMs: 500, waitedMs: 500 })
})

test('a guest that has ended, and tells no wait any more, keeps what it waited', () => {
  counted(2000, (atMs) => (atMs < 1900 ? atMs / 2 : 0))()
  expect(takeGuestTime()).toEqual({ ranMs: 1250, waitedMs: 750 })
})

test('the wait of a real process that cannot run is seen', async () => {
  const loops = Array.from({ length: 12 }, () => spawn('sh', ['-c', 'while :; do :; done'], { stdio: 'ignore' }))
  try {
    const end = countGuestTime(loops[0]?.pid as number)
    await delay(2000)
    end()
    expect(takeGuestTime().waitedMs).toBeGreaterThan(200)
  } finally {
    for (const loop of loops) loop.kill('SIGKILL')
  }
})

test('the share of the wait lies between nothing and all', () => {
  expect(waitedShare({ ranMs: 0, waitedMs: 0 })).toBe(0)
  expect(waitedShare({ ranMs: 1, waitedMs: 3 })).toBe(0.75)
})
