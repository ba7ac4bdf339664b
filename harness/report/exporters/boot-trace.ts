import type { Boot } from '../../model/boot.ts'
import { lineMark } from '../console-marks.ts'
import type { Pull } from '../details-schema.ts'
import { imageLabels } from '../image-labels.ts'
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

/**
 * Boots and pulls as a trace: a process for each image, a thread for each boot and for each side of a pull. What overlaps on
 * one side, such as blobs that are fetched at once, lies on several threads: on one, readers want events that nest
 * (perfetto.dev/docs/faq, on overlapping events in JSON).
 */
export function bootTraceJson({ images }: Report): string {
  const labels = imageLabels(images)
  const traceEvents: TraceEvent[] = []
  for (const [index, image] of images.entries())
    traceEvents.push(...imageEvents(image, labels[index] as string, traceEvents.at(-1)?.tid ?? 0))
  return `${JSON.stringify({ displayTimeUnit: 'ms', traceEvents })}\n`
}

interface Thread {
  name: string
  events: OwnEvent[]
}

/** A process and its threads, with ids that no other has: a process takes the one after the last, its threads those that follow. */
function imageEvents({ boots = [], pulls = [] }: ImageReport, label: string, lastId: number): TraceEvent[] {
  const pid = lastId + 1
  const threads = [...boots.map(bootThread), ...pulls.flatMap(pullThreads)]
  return [
    { name: 'process_name', ph: 'M', pid, tid: pid, args: { name: label } },
    ...threads.flatMap(({ name, events }, index): TraceEvent[] => {
      const tid = pid + index + 1
      return [
        { name: 'thread_name', ph: 'M', pid, tid, args: { name } },
        ...events.map((event) => ({ ...event, pid, tid })),
      ]
    }),
  ]
}

const bootThread = (boot: Boot): Thread => ({ name: `boot ${boot.requirement}`, events: bootEvents(boot) })

function pullThreads(pull: Pull): Thread[] {
  return (['registry', 'guest'] as const).flatMap((side) =>
    withoutOverlap(pull.steps.filter((step) => step.side === side)).map((steps, index) => ({
      name: `pull ${pull.reference}: ${side}${index === 0 ? '' : ` ${index + 1}`}`,
      events: steps.map(stepEvent),
    })),
  )
}

/** Steps in rows, in each of which one begins when the one before has ended; as few rows as that takes, and at least one. */
function withoutOverlap(steps: readonly Step[]): Step[][] {
  const rows: Step[][] = [[]]
  for (const step of steps.toSorted((a, b) => a.startMs - b.startMs)) {
    const free = rows.find((row) => endOf(row) <= micro(step.startMs))
    if (free) free.push(step)
    else rows.push([step])
  }
  return rows
}

function endOf(row: readonly Step[]): number {
  const last = row.at(-1)
  return last ? micro(last.startMs + last.durationMs) : 0
}

type Step = Pull['steps'][number]
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

const stepEvent = ({ name, startMs, durationMs, sizeBytes, status }: Step): OwnEvent => ({
  ...span(name, 'pull', startMs, durationMs),
  args: { ...(sizeBytes !== undefined && { sizeBytes }), ...(status !== undefined && { status }) },
})

/** Ends are rounded like starts, so that what follows at once does not overlap by a microsecond. */
const span = (name: string, cat: string, startMs: number, durationMs: number): OwnEvent => ({
  name,
  cat,
  ph: 'X',
  ts: micro(startMs),
  dur: micro(startMs + durationMs) - micro(startMs),
})

const micro = (milliseconds: number): number => Math.round(milliseconds * 1000)
