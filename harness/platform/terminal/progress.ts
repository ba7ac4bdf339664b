import { printableLine } from '../../model/printable.ts'
import { formatDuration } from '../../model/quantities.ts'
import type { TaskDurations } from './task-durations.ts'
import { cutLine, paint, type TerminalStyle, terminalStyle } from './terminal-style.ts'

/** What a run tells while it works. */
export interface Progress {
  /** Shows a task, such as `x86_64 boot`, until it ends. */
  begin(title: string): Task
  /** What everybody must read, told whatever was asked for. */
  warn(sentence: string): void
  /** A detail for those who asked for them (`--verbose`). */
  note(text: string): void
  /** Removes what is shown of running tasks; nothing is written afterwards. */
  close(): void
}

export interface Task {
  /** Says what the task waits for now, such as `the image's init`. */
  awaiting(what: string): void
  /** Says what the task does now, such as `unpacking 131 packages`. */
  doing(step: string): void
  /** Ends the task with what came of it, such as `12 passed`. */
  end(outcome?: string): void
  /** Ends the task with what went wrong. */
  fail(reason: string): void
}

export interface ProgressOptions {
  quiet?: boolean
  verbose?: boolean
  stream?: NodeJS.WriteStream
  look?: TerminalStyle
  /** How long tasks took before; what those of this run take is added. */
  durations?: Pick<TaskDurations, 'expectedMs' | 'note'>
}

/** Often enough to look alive, seldom enough to cost nothing. */
const redrawMs = 100
/** In a log, a task that is silent for this long says what it waits for: CI systems end jobs that print nothing for minutes. */
const aliveMs = 30_000

/** Nobody waits for less. */
const expectableMs = 3_000

interface RunningTask {
  title: string
  activity: string
  startedMs: number
  expectedMs: number | undefined
}

/**
 * Progress on a stream, stderr by default: running tasks live at the bottom of a terminal, else a line for each that
 * ended and a sign of life for those that take long. Foreign text is escaped.
 */
export function openProgress(options: ProgressOptions = {}): Progress {
  const { quiet = false, verbose = false, stream = process.stderr } = options
  const warn = (sentence: string) =>
    `${paint(options.look ?? terminalStyle(stream), 'yellow', 'WARNING')}  ${printableLine(sentence)}`
  if (quiet) return { ...silentProgress, warn: (sentence) => void stream.write(`${warn(sentence)}\n`) }
  const screen = new ProgressScreen(stream, options.look ?? terminalStyle(stream), options.durations)
  return {
    begin: (title) => screen.begin(title),
    warn: (sentence) => screen.print(warn(sentence), 'whole'),
    note: (text) => {
      if (verbose) screen.print(detail(printableLine(text)))
    },
    close: () => screen.close(),
  }
}

const silentTask: Task = { awaiting() {}, doing() {}, end() {}, fail() {} }
const silentProgress: Omit<Progress, 'warn'> = { begin: () => silentTask, note() {}, close() {} }

class ProgressScreen {
  readonly #stream: NodeJS.WriteStream
  readonly #look: TerminalStyle
  readonly #durations: ProgressOptions['durations']
  readonly #tasks = new Set<RunningTask>()
  readonly #timer: NodeJS.Timeout
  #drawnLines = 0
  #closed = false

  constructor(stream: NodeJS.WriteStream, look: TerminalStyle, durations: ProgressOptions['durations']) {
    this.#durations = durations
    this.#stream = stream
    this.#look = look
    const tick = look.live ? () => this.#draw() : () => this.#signOfLife()
    this.#timer = setInterval(tick, look.live ? redrawMs : aliveMs).unref()
  }

  begin(title: string): Task {
    const startedMs = performance.now()
    const expectedMs = this.#durations?.expectedMs(title)
    const task: RunningTask = { title: printableLine(title), activity: '', startedMs, expectedMs }
    this.#tasks.add(task)
    if (this.#look.live) this.#draw()
    return {
      awaiting: (what) => {
        task.activity = `waiting for ${printableLine(what)}`
      },
      doing: (step) => {
        task.activity = printableLine(step)
      },
      end: (outcome) => {
        this.#durations?.note(title, performance.now() - startedMs)
        this.#end(task, paint(this.#look, 'green', 'ok  '), outcome)
      },
      fail: (reason) => this.#end(task, paint(this.#look, 'red', 'FAIL'), reason),
    }
  }

  #end(task: RunningTask, mark: string, outcome: string | undefined): void {
    if (!this.#tasks.delete(task)) return
    this.print(`${mark}${elapsed(task)}  ${task.title}${outcome ? `: ${printableLine(outcome)}` : ''}`)
  }

  /** A line that stays, above the live ones; a terminal wraps one that is to be read whole. */
  print(line: string, extent: 'cut' | 'whole' = 'cut'): void {
    if (this.#closed) return
    const isCut = this.#look.live && extent === 'cut'
    this.#stream.write(`${this.#erasure()}${isCut ? cutLine(line, this.#look.columns) : line}\n`)
    if (this.#look.live) this.#draw()
  }

  close(): void {
    clearInterval(this.#timer)
    this.#stream.write(this.#erasure())
    this.#closed = true
  }

  #draw(): void {
    if (this.#closed) return
    const room = Math.max(1, this.#look.rows - 2)
    const lines = [...this.#tasks].flatMap((task) => liveLines(task, this.#look.columns - 1)).slice(0, room)
    this.#stream.write(`${this.#erasure()}${lines.map((line) => `${paint(this.#look, 'dim', line)}\n`).join('')}`)
    this.#drawnLines = lines.length
  }

  /** Control sequences that go up over the live lines and erase from there on (ECMA-48: CPL, ED). */
  #erasure(): string {
    const lines = this.#drawnLines
    this.#drawnLines = 0
    return lines > 0 ? `\u001b[${lines}F\u001b[J` : ''
  }

  #signOfLife(): void {
    for (const task of this.#tasks) if (performance.now() - task.startedMs >= aliveMs) this.print(runningText(task))
  }
}

const titleText = (task: RunningTask): string => `... ${elapsed(task)}${expected(task)}  ${task.title}`

const runningText = (task: RunningTask): string => titleText(task) + (task.activity && `: ${task.activity}`)

/** One line for a running task, or a second one for what would not fit into the first. */
function liveLines(task: RunningTask, columns: number): string[] {
  const whole = runningText(task)
  const lines = cutLine(whole, columns) === whole ? [whole] : [titleText(task), detail(task.activity)]
  return lines.filter((line) => line.trim() !== '').map((line) => cutLine(line, columns))
}

/** What the task took before, where that is long enough to wait for. */
const expected = ({ expectedMs = 0 }: RunningTask): string =>
  expectedMs < expectableMs ? '' : ` of about ${formatDuration(expectedMs)}`

/** Wide enough for minutes, so that titles stand below each other. */
const elapsedColumns = 11

/** What belongs to a title stands below it. */
const detail = (text: string): string => ' '.repeat(elapsedColumns + 6) + text

const elapsed = ({ startedMs }: RunningTask): string =>
  formatDuration(performance.now() - startedMs).padStart(elapsedColumns)
