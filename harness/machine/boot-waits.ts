/**
 * Kernel parameters that record, from the start, when a program sleeps and when `ping` runs: the two ways in which
 * init scripts wait for nothing in particular (Linux, Documentation/trace/events.rst, "Boot option").
 */
export const waitTraceParameters: readonly string[] = [
  `trace_event=${['syscalls:sys_enter_clock_nanosleep', 'syscalls:sys_exit_clock_nanosleep', 'syscalls:sys_enter_nanosleep', 'syscalls:sys_exit_nanosleep', 'sched:sched_process_exec', 'sched:sched_process_exit'].join()}`,
]

/** Shell command that prints the part of the record that `initWaits` reads. */
export const waitTraceCommand =
  'mount -t tracefs t /sys/kernel/tracing;grep -E "nanosleep|ping|pid=1 " /sys/kernel/tracing/trace'

export interface InitTime {
  /** Spent by init or its children in sleeps and pings, in milliseconds. */
  waitMs: number
  /** The rest. */
  workMs: number
}

interface TraceEvent {
  process: number
  atMs: number
  text: string
}

/**
 * Splits the time from the start of the image's init to `readyMs` (the guest's uptime) into waiting and work. Undefined
 * where the record does not show the start of init, as with a kernel that has no tracing.
 */
export function initWaits(trace: string, readyMs: number): InitTime | undefined {
  const events = trace.split('\n').flatMap(traceEvent)
  const start = events.findLast(({ text, atMs }) => /^sched_process_exec: .*\bpid=1 /.test(text) && atMs < readyMs)
  if (!start) return undefined
  const totalMs = readyMs - start.atMs
  const waitMs = covered(waitsOf(events), start.atMs, readyMs)
  return { waitMs, workMs: totalMs - waitMs }
}

/** `name-PID [CPU] flags seconds: event` (Linux, Documentation/trace/ftrace.rst, "Output format"). */
function traceEvent(line: string): TraceEvent[] {
  const [, process, seconds, text] = /-(\d+)\s+\[\d+\]\s+\S+\s+(\d+\.\d+): (.*)$/.exec(line) ?? []
  return text === undefined ? [] : [{ process: Number(process), atMs: Number(seconds) * 1000, text }]
}

/** What begins a wait and what ends it, in the same process. */
const waitKinds = [
  { begins: /^sys_(?:clock_)?nanosleep\(/, ends: /^sys_(?:clock_)?nanosleep -> / },
  { begins: /^sched_process_exec: filename=\S*\/ping6? /, ends: /^sched_process_exit: comm=ping6? / },
] as const

type Interval = readonly [startMs: number, endMs: number]

/** A wait without an end in the record lasts to the record's end. */
function waitsOf(events: readonly TraceEvent[]): Interval[] {
  return events.flatMap((event, index): Interval[] => {
    const kind = waitKinds.find(({ begins }) => begins.test(event.text))
    if (!kind) return []
    const later = events.slice(index + 1)
    const end = later.find(({ process, text }) => process === event.process && kind.ends.test(text))
    return [[event.atMs, end?.atMs ?? Number.POSITIVE_INFINITY]]
  })
}

/** How much of the time from `fromMs` to `toMs` the intervals cover; what overlaps counts once. */
function covered(intervals: readonly Interval[], fromMs: number, toMs: number): number {
  let coveredMs = 0
  let reachedMs = fromMs
  for (const [startMs, endMs] of [...intervals].sort(([one], [other]) => one - other)) {
    const beginMs = Math.max(startMs, reachedMs)
    const stopMs = Math.min(endMs, toMs)
    if (stopMs <= beginMs) continue
    coveredMs += stopMs - beginMs
    reachedMs = stopMs
  }
  return coveredMs
}
