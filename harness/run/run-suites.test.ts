import { expect, test } from 'vitest'
import { joinSamples, signalsOfOthers } from './run-suites.ts'

test('samples of one metric stand together, in their order; other tiers and names stay apart', () => {
  const joined = joinSamples([
    { name: 'boot_ready_ms', unit: 'ms', tier: 2, samples: [3] },
    { name: 'boot_init_ms', unit: 'ms', tier: 2, samples: [1] },
    { name: 'boot_ready_ms', unit: 'ms', tier: 0, samples: [9] },
    { name: 'boot_ready_ms', unit: 'ms', tier: 2, samples: [2, 4] },
  ])
  expect(joined).toEqual([
    { name: 'boot_ready_ms', unit: 'ms', tier: 2, samples: [3, 2, 4] },
    { name: 'boot_init_ms', unit: 'ms', tier: 2, samples: [1] },
    { name: 'boot_ready_ms', unit: 'ms', tier: 0, samples: [9] },
  ])
})

test('whoever came to listen to signals is taken away, and who listened before stays', () => {
  const [before, later] = [() => {}, () => {}]
  process.on('SIGHUP', before)
  const takeBack = signalsOfOthers()
  process.on('SIGHUP', later)
  takeBack()
  expect(process.listeners('SIGHUP')).toContain(before)
  expect(process.listeners('SIGHUP')).not.toContain(later)
  process.off('SIGHUP', before)
})
