import { expect, test } from 'vitest'
import { gateTable } from './gate-trials.ts'

test('detected, reported and missed slowdowns are counted apart from false alarms', () => {
  const table = gateTable([
    {
      gate: 'tier 0',
      injected: 'busy loop in init',
      percent: 1,
      outcomes: ['failed', 'failed', 'reported', 'nothing'],
    },
    { gate: 'tier 0', injected: 'nothing', percent: 0, outcomes: ['nothing', 'failed', 'nothing'] },
  ])
  const [head, slower, same] = table
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/))
  expect(head).toEqual(['gate', 'injected', 'size', 'trials', 'detected', 'reported', 'missed', 'false'].slice(0, 8))
  expect(slower).toEqual(['tier 0', 'busy loop in init', '+1 %', '4', '2', '1', '1', '-'])
  expect(same).toEqual(['tier 0', 'nothing', 'A/A', '3', '-', '0', '-', '1'])
})
