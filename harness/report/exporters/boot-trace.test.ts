import { Ajv } from 'ajv'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Pull } from '../details-schema.ts'
import { fullImage, fullReport } from '../sample-full-report.ts'
import type { Report } from '../schema.ts'
import { bootTraceJson } from './boot-trace.ts'
import { always, anyText, hostile } from './sample-any-report.ts'

describe('boot trace', () => {
  interface AnyEvent {
    name: string
    ph: string
    pid: number
    tid: number
    ts: number
    dur: number
    cat?: string
    args: { name: string }
  }
  const eventsOf = (report: Report): AnyEvent[] => JSON.parse(bootTraceJson(report)).traceEvents

  test('has the phases end to end, on a named thread of a named process', () => {
    const events = eventsOf(fullReport())
    expect(events.filter(({ ph }) => ph === 'M').map(({ args }) => args.name)).toEqual([
      'x86_64',
      'boot BOOT-001',
      'pull docker.io/library/alpine:latest: registry',
      'pull docker.io/library/alpine:latest: guest',
    ])
    expect(
      events.filter(({ cat, ph }) => cat === 'boot' && ph === 'X').map(({ name, ts, dur }) => [name, ts, dur]),
    ).toEqual([
      ['firmware', 0, 3_000_000],
      ['kernel', 3_000_000, 5_500_000],
      ['init', 8_500_000, 7_600_000],
    ])
  })

  test('marks what the console tells', () => {
    expect(eventsOf(hostile)).toContainEqual(
      expect.objectContaining({ ph: 'i', name: expect.stringContaining('Kernel panic') }),
    )
  })

  /** The rules of the Trace Event Format, "JSON Object Format", "Event Descriptions", "Metadata", "Instant" and "Complete Events". */
  const time = { type: 'integer', minimum: 0 }
  const oneEvent = {
    type: 'object',
    required: ['name', 'ph', 'pid', 'tid'],
    properties: { name: { type: 'string' }, cat: { type: 'string' }, pid: time, tid: time, args: { type: 'object' } },
    oneOf: [
      { properties: { ph: { const: 'X' }, ts: time, dur: time }, required: ['ts', 'dur'] },
      { properties: { ph: { const: 'i' }, ts: time, s: { enum: ['g', 'p', 't'] } }, required: ['ts', 's'] },
      {
        properties: {
          ph: { const: 'M' },
          name: { enum: ['process_name', 'thread_name'] },
          args: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
        },
        required: ['args'],
      },
    ],
  }
  const isTrace = new Ajv({ strict: false }).compile({
    type: 'object',
    required: ['traceEvents'],
    properties: { traceEvents: { type: 'array', items: oneEvent }, displayTimeUnit: { enum: ['ms', 'ns'] } },
  })

  /** Reports whose pulls have steps at any time, at once and one in another, as downloads are. */
  const anyMs = fc.double({ min: 0, max: 20, noNaN: true })
  const anyStep = fc.record({
    side: fc.constantFrom('registry' as const, 'guest' as const),
    name: anyText,
    startMs: anyMs,
    durationMs: anyMs,
  })
  const anyPulls = fc.array(fc.array(anyStep, { maxLength: 8 }), { maxLength: 3 })
  const withSteps = (steps: Pull['steps'][]): Report => {
    const pulls = steps.map((each) => ({ ...(fullImage().pulls?.[0] as Pull), steps: each }))
    return fullReport({ images: [fullImage({ pulls }), fullImage({ arch: 'aarch64', pulls })] })
  }
  const everyTrace = (holds: (report: Report) => void) => {
    always(holds)
    fc.assert(fc.property(anyPulls.map(withSteps), holds), { numRuns: 100 })
  }

  test('holds only events of the format, whatever the report', () => {
    everyTrace((report) => {
      isTrace(JSON.parse(bootTraceJson(report)))
      expect(isTrace.errors ?? []).toEqual([])
    })
  })

  test('names each thread and each process once, and none has the id of another', () => {
    everyTrace((report) => {
      const events = eventsOf(report)
      const named = (kind: string) => events.filter(({ name, ph }) => ph === 'M' && name === kind)
      const ids = [...named('process_name').map(({ pid }) => pid), ...named('thread_name').map(({ tid }) => tid)]
      expect(new Set(ids).size).toBe(ids.length)
      const owners = new Map(named('thread_name').map(({ tid, pid }) => [tid, pid]))
      for (const { ph, pid, tid } of events) if (ph !== 'M') expect(owners.get(tid)).toBe(pid)
    })
  })

  test('no two spans of one thread overlap, and none is lost', () => {
    everyTrace((report) => {
      const spans = eventsOf(report).filter(({ ph }) => ph === 'X')
      const wanted = report.images.flatMap(({ boots = [], pulls = [] }) => [
        ...boots.flatMap(({ phases }) => phases),
        ...pulls.flatMap(({ steps }) => steps),
      ])
      expect(spans.length).toBe(wanted.length)
      for (const thread of Map.groupBy(spans, ({ tid }) => tid).values()) {
        const sorted = thread.toSorted((a, b) => a.ts - b.ts || a.dur - b.dur)
        for (const [index, { ts, dur }] of sorted.entries())
          expect(sorted[index + 1]?.ts ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(ts + dur)
      }
    })
  })
})
