import { expect, test } from 'vitest'
import { GuestFault } from '../model/faults.ts'
import { phaseTimes, readMarks } from './marks.ts'

const line = (phase: string, atNs: number, idleNs: number, second = '') =>
  `[    2.086492] vpdmn-measure: ${phase} now at ${atNs} nsecs .idle_sleeptime : ${idleNs} nsecs .iowait_sleeptime: 0 nsecs${second}`

test('marks are found among other lines, with the idle time of all processors', () => {
  const lines = [
    'Linux version 6.12',
    line('kernel', 2_088_991_056, 7),
    '===OUTPUT_START===',
    line('init', 3e9, 9, ' .idle_sleeptime : 4 nsecs'),
  ]
  expect(readMarks(lines)).toEqual([
    { phase: 'kernel', atNs: 2_088_991_056, idleNs: 7 },
    { phase: 'init', atNs: 3e9, idleNs: 13 },
  ])
})

test('a phase lasts from the mark before to its own, what stood idle apart; the preparation is not counted', () => {
  const marks = readMarks([line('kernel', 100, 10), line('prepared', 150, 10), line('init', 2150, 1910)])
  expect(phaseTimes(marks, ['kernel', 'prepared', 'init'])).toEqual([
    { phase: 'kernel', workNs: 90, waitNs: 10 },
    { phase: 'init', workNs: 100, waitNs: 1900 },
  ])
})

test.each([
  ['is missing', [line('kernel', 1, 0)]],
  ['is out of order', [line('init', 1, 0), line('kernel', 2, 0)]],
  ['came twice', [line('kernel', 1, 0), line('init', 2, 0), line('init', 3, 0)]],
  ['goes backwards', [line('kernel', 2, 0), line('init', 1, 0)]],
  ['stood idle for longer than it lasted', [line('kernel', 1, 0), line('init', 2, 5)]],
])('a mark that %s is the guest’s fault', (_what, lines) => {
  expect(() => phaseTimes(readMarks(lines), ['kernel', 'init'])).toThrow(GuestFault)
})
