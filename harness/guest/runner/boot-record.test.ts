import { describe, expect, test } from 'vitest'
import type { Boot } from '../../report/details-schema.ts'
import { bootRecord, chooseBoots } from './boot-record.ts'

const end = { reason: 'guest-reset', atMs: 5000 } as const
const line = (text: string, atMs = 0) => ({ text, atMs })

describe('bootRecord', () => {
  test('shows the phases in order, without their sum', () => {
    const lines = [
      line('vcontainer_timing: initramfs 1.00', 1500),
      line('vcontainer_timing: rootfs 2.00', 2500),
      line('@@ready', 4000),
    ]
    const { phases, endedBy, durationMs } = bootRecord(lines, end)
    expect(phases).toEqual([
      { name: 'firmware', durationMs: 500 },
      { name: 'kernel', durationMs: 1000 },
      { name: 'initramfs', durationMs: 1000 },
      { name: 'init', durationMs: 1500 },
    ])
    expect({ endedBy, durationMs }).toEqual({ endedBy: 'guest-reset', durationMs: 5000 })
  })

  test('keeps the start and the end of a long console, and says how much is missing', () => {
    const record = bootRecord(
      Array.from({ length: 1000 }, (_, index) => line(`line ${index}`)),
      end,
    )
    expect(record.console).toHaveLength(300)
    expect(record.leftOutLines).toBe(700)
    expect([record.console[0]?.text, record.console.at(-1)?.text]).toEqual(['line 0', 'line 999'])
  })

  test('cuts lines that are no message to anybody', () => {
    expect(bootRecord([line('x'.repeat(100_000))], end).console[0]?.text).toHaveLength(401)
  })
})

describe('chooseBoots', () => {
  const boot = (requirement: string, phases: string[], failed = false) => ({
    failed,
    boot: {
      requirement,
      ...{ endedBy: 'guest-reset', durationMs: 1, console: [], leftOutLines: 0 },
      phases: phases.map((name) => ({ name, durationMs: 1 })),
    } satisfies Boot,
  })
  const chosen = (...boots: ReturnType<typeof boot>[]) => chooseBoots(boots).map(({ requirement }) => requirement)

  test('are one that reached its command, then those of failed tests', () => {
    const boots = [boot('A', []), boot('B', ['init']), boot('C', ['init']), boot('D', ['kernel'], true)]
    expect(chosen(...boots)).toEqual(['B', 'D'])
  })

  test('are bounded in number', () => {
    expect(chosen(...Array.from({ length: 30 }, (_, index) => boot(`X-${index}`, [], true)))).toHaveLength(8)
  })
})
