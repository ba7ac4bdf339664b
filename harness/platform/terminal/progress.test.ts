import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openProgress, type ProgressOptions } from './progress.ts'
import type { TerminalStyle } from './terminal-style.ts'

const live: TerminalStyle = { columns: 40, rows: 6, colour: false, live: true }
const log: TerminalStyle = { ...live, live: false }

function open(look: TerminalStyle, options: Omit<ProgressOptions, 'stream' | 'look'> = {}) {
  const stream = new PassThrough() as unknown as NodeJS.WriteStream & PassThrough
  const written = () => String(stream.read() ?? '')
  return { progress: openProgress({ stream, look, ...options }), written }
}

/** What a terminal shows after some output: rows, with the two control sequences that progress uses. */
function screenAfter(output: string): string[] {
  const rows: string[] = []
  for (const piece of output.split(/(\p{Cc}\[\d*[FJ]|\n)/u)) {
    const up = /\[(\d+)F$/.exec(piece)?.[1]
    if (up) rows.splice(rows.length - Number(up))
    else if (piece !== '\n' && !piece.endsWith('[J') && piece !== '') rows.push(piece)
  }
  return rows
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('on a terminal', () => {
  test('running tasks show what they wait for and how long they took, below those that ended', () => {
    const { progress, written } = open(live)
    const boot = progress.begin('x86_64 boot')
    progress.begin('build')
    boot.awaiting('init')
    vi.advanceTimersByTime(2000)
    progress.begin('late').end('3 passed')
    expect(screenAfter(written())).toEqual([
      'ok         0 ms  late: 3 passed',
      '...       2.0 s  x86_64 boot',
      '                 waiting for init',
      '...       2.0 s  build',
    ])
  })

  test('a task says what it does', () => {
    const { progress, written } = open(live)
    progress.begin('kit').doing('packing')
    vi.advanceTimersByTime(2000)
    expect(screenAfter(written())).toEqual(['...       2.0 s  kit: packing'])
  })

  test('a task that ran before shows what it took, and tells what it takes now', () => {
    const taken: [string, number][] = []
    const durations = {
      expectedMs: () => 80_000,
      note: (title: string, durationMs: number) => taken.push([title, durationMs]),
    }
    const { progress, written } = open({ ...live, columns: 80 }, { durations })
    const boot = progress.begin('boot')
    vi.advanceTimersByTime(2000)
    expect(screenAfter(written())).toEqual(['...       2.0 s of about 1 min 20 s  boot'])
    boot.end()
    expect(taken).toEqual([['boot', expect.closeTo(2000, -2)]])
    progress.begin('broken').fail('panic')
    expect(taken).toHaveLength(1)
    progress.close()
  })

  test('closing leaves only what ended', () => {
    const { progress, written } = open(live)
    progress.begin('one').fail('panic')
    progress.begin('two')
    progress.close()
    vi.advanceTimersByTime(5000)
    progress.begin('after').end()
    expect(screenAfter(written())).toEqual(['FAIL       0 ms  one: panic'])
  })

  test('a line never wraps and more tasks than rows do not scroll', () => {
    const { progress, written } = open(live)
    for (let index = 0; index < 20; index++) progress.begin(`task ${index} ${'x'.repeat(100)}`)
    const rows = screenAfter(written())
    expect(rows).toHaveLength(4)
    for (const row of rows) expect(row.length).toBeLessThan(40)
  })
})

describe('in a log', () => {
  test('each task that ended is one line without control characters', () => {
    const { progress, written } = open(log)
    progress.begin('boot \u001b[2J').end('ready\r\n')
    expect(written()).toBe('ok         0 ms  boot \\x1b[2J: ready\\x0d\\n\n')
  })

  test('a task that takes long gives signs of life', () => {
    const { progress, written } = open(log)
    progress.begin('x86_64 boot').awaiting('init')
    vi.advanceTimersByTime(65_000)
    expect(written().split('\n')).toEqual([
      '...      30.0 s  x86_64 boot: waiting for init',
      '...   1 min 0 s  x86_64 boot: waiting for init',
      '',
    ])
  })

  test('details are for those who ask', () => {
    const plain = open(log)
    plain.progress.note('qemu-system-x86_64 -m 2048')
    const verbose = open(log, { verbose: true })
    verbose.progress.note('qemu-system-x86_64 -m 2048')
    expect([plain.written(), verbose.written()]).toEqual(['', `${' '.repeat(17)}qemu-system-x86_64 -m 2048\n`])
  })
})

test('a quiet run writes nothing', () => {
  const { progress, written } = open(log, { quiet: true, verbose: true })
  progress.begin('x').fail('y')
  progress.note('z')
  progress.close()
  expect(written()).toBe('')
})

test.each([
  ['on a narrow terminal', live, {}],
  ['in a log', log, {}],
  ['for those who asked for quiet', live, { quiet: true }],
])('a warning is told whole %s', (_, look, options) => {
  const { progress, written } = open(look, options)
  progress.warn(`of ${'x'.repeat(60)}\u001b[2J`)
  expect(written()).toMatch(/WARNING {2}of x{60}\\x1b\[2J\n$/)
  progress.close()
})
