import { expect, test } from 'vitest'
import { GuestFault } from '../model/faults.ts'
import { loadProfile } from '../profile/profile.ts'
import type { Metric } from '../report/schema.ts'
import { judgeMeasurement, judgeNotBooted, judgeUnmeasured } from './judge-measurement.ts'

const profile = await loadProfile('vpdmn')
const boot = (instructions: number): Metric[] => [
  { name: 'exact_boot_instructions', unit: 'instructions', tier: 0, samples: [instructions] },
]
const statuses = (results: ReturnType<typeof judgeNotBooted>) => results.map(({ status }) => status)
const measured = (metrics: Metric[], baseline?: Metric[]) =>
  judgeMeasurement({ arch: 'x86_64', metrics, durationMs: 1, ...(baseline && { baseline }) }, profile)

test('a boot within its budget passes; without a baseline the comparisons are skipped, with a reason', () => {
  const results = measured(boot(5e9))
  expect(statuses(results)).toEqual(['pass', 'pass', 'skip', 'skip'])
  expect(results[2]?.findings[0]?.message).toContain('--baseline')
})

test('a boot over its budget fails, with both figures', () => {
  const [, budget] = measured(boot(6_500_000_001))
  expect(budget).toMatchObject({ status: 'fail' })
  expect(budget?.findings[0]?.message).toContain('6,500,000,001')
  expect(budget?.findings[0]?.message).toContain('6,500,000,000')
})

test('a regression fails and names metric, values and percent; a drift is only reported', () => {
  const [, , slower, drifted] = measured(boot(5.1e9), boot(5e9))
  expect([slower?.status, drifted?.status]).toEqual(['fail', 'pass'])
  expect(slower?.findings[0]?.message).toContain('exact_boot_instructions: 5,000,000,000 before, 5,100,000,000 now')
  expect(slower?.findings[0]?.message).toContain('+2.00 %')
  expect(statuses(measured(boot(5.01e9), boot(5e9)))).toEqual(['pass', 'pass', 'pass', 'fail'])
})

test('an image that did not do what was to be measured fails that alone', () => {
  const results = judgeUnmeasured(new GuestFault('no podman', 'console end'), 5)
  expect(statuses(results)).toEqual(['fail', 'skip', 'skip', 'skip'])
  expect(results[0]?.evidence).toBe('console end')
})

test('an image that was not booted is skipped throughout', () => {
  expect(statuses(judgeNotBooted('because of ELF-001'))).toEqual(['skip', 'skip', 'skip', 'skip'])
})
