import { expect, test } from 'vitest'
import { sampleImage, sampleResult } from './sample-report.ts'
import { starvedText, waitText } from './starved.ts'

const waiting = (ranMs: number, waitedMs: number) => sampleResult({ guestTime: { ranMs, waitedMs } })

test('a test whose guests waited says for how long', () => {
  expect(waitText(waiting(30_000, 90_000))).toBe('its guests waited for a processor for 1 min 30 s of 2 min 0 s')
})

test('a test whose guests had their time, or that had none, says nothing', () => {
  expect(waitText(waiting(30_000, 300))).toBeUndefined()
  expect(waitText(sampleResult())).toBeUndefined()
})

test('a run says that the machine was busy only where that mattered', () => {
  const run = (...requirements: ReturnType<typeof waiting>[]) =>
    starvedText({ images: [sampleImage({ requirements })] })
  expect(run(waiting(60_000, 1000), waiting(60_000, 10_000))).toBeUndefined()
  expect(run(waiting(10_000, 60_000), waiting(50_000, 0))).toMatch(/^The machine was busy: .* 50 % of their time\./)
  expect(run(sampleResult())).toBeUndefined()
})
