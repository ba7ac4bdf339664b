import { lineMark } from '../console-marks.ts'
import type { Boot, Pull } from '../details-schema.ts'
import { imageLabels } from '../requirement-rows.ts'
import type { ImageReport, Report } from '../schema.ts'

/** One event of the Trace Event Format ("Trace Event Format", Google, 2016), which Perfetto and about:tracing read. Times in microseconds. */
interface TraceEvent {
  name: string
  ph: 'X' | 'i' | 'M'
  pid: number
  tid: number
  ts?: number
  dur?: number
  s?: 't'
  cat?: string
  args?: Record<string, string | number>
}

/** Boots and pulls as a trace: a process for each image, a thread for each boot and for each side of a pull. */
export function bootTraceJson({ images }: Report): string {
  const labels = imageLabels(images)
  const traceEvents = images.flatMap((image, index) => imageEvents(image, index + 1, labels[index] as string))
  return `${JSON.stringify({ displayTimeUnit: 'ms', traceEvents })}\n`
}

function imageEvents({ boots = [], pulls = [] }: ImageReport, pid: number, label: string): TraceEvent[] {
  const threads = [
    ...boots.map((boot) => ({ name: `boot ${boot.requirement}`, events: bootEvents(boot) })),
    ...pulls.flatMap((pull) =>
      (['registry', 'guest'] as const).map((side) => ({
        name: `pull ${pull.reference}: ${side}`,
        events: pullEvents(pull, side),
      })),
    ),
  ]
  return [
    { name: 'process_name', ph: 'M', pid, tid: 0, args: { name: label } },
    ...threads.flatMap(({ name, events }, index): TraceEvent[] => [
      { name: 'thread_name', ph: 'M', pid, tid: index + 1, args: { name } },
      ...events.map((event) => ({ ...event, pid, tid: index + 1 })),
    ]),
  ]
}

type OwnEvent = Omit<TraceEvent, 'pid' | 'tid'>

function bootEvents({ phases, console, endedBy, durationMs }: Boot): OwnEvent[] {
  let startMs = 0
  const spans = phases.map(({ name, durationMs: lengthMs }): OwnEvent => {
    const event = span(name, 'boot', startMs, lengthMs)
    startMs += lengthMs
    return event
  })
  const marks = console
    .filter(({ text }) => lineMark(text) !== undefined)
    .map(({ text, atMs }): OwnEvent => ({ name: text, cat: 'console', ph: 'i', s: 't', ts: micro(atMs) }))
  return [...spans, ...marks, { name: endedBy, cat: 'boot', ph: 'i', s: 't', ts: micro(durationMs) }]
}

const pullEvents = ({ steps }: Pull, wanted: 'registry' | 'guest'): OwnEvent[] =>
  steps
    .filter(({ side }) => side === wanted)
    .map(({ name, startMs, durationMs, sizeBytes, status }) => ({
      ...span(name, 'pull', startMs, durationMs),
      args: { ...(sizeBytes !== undefined && { sizeBytes }), ...(status !== undefined && { status }) },
    }))

const span = (name: string, cat: string, startMs: number, durationMs: number): OwnEvent => ({
  name,
  cat,
  ph: 'X',
  ts: micro(startMs),
  dur: micro(durationMs),
})

const micro = (milliseconds: number): number => Math.round(milliseconds * 1000)
