import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { GuestConsole } from './guest-console.ts'
import { KeptLines } from './kept-lines.ts'

async function consoleOf(chunks: readonly (string | Buffer)[]): Promise<GuestConsole> {
  const stream = new PassThrough()
  const console = new GuestConsole(stream)
  for (const chunk of chunks) stream.write(chunk)
  stream.end()
  await console.ended
  return console
}

const textsOf = (console: GuestConsole) => console.lines.map(({ text }) => text)

test('lines are the same however the bytes arrive', async () => {
  const lineTexts = fc.array(fc.string({ unit: fc.constantFrom('a', 'é', ' ', '=', '☃') }), { minLength: 1 })
  await fc.assert(
    fc.asyncProperty(lineTexts, fc.integer({ min: 1, max: 7 }), async (texts, size) => {
      const bytes = Buffer.from(texts.map((text) => `${text}\r\n`).join(''))
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      )
      expect(textsOf(await consoleOf(chunks))).toEqual(texts)
    }),
  )
})

test('an unfinished last line is kept when the stream ends', async () => {
  expect(textsOf(await consoleOf(['one\r\ntw', 'o']))).toEqual(['one', 'two'])
})

test('a console without line ends is cut into lines of bounded length', async () => {
  const megabyte = Buffer.alloc(1024 * 1024, 'x')
  const console = await consoleOf([megabyte, megabyte, megabyte])
  expect(Math.max(...textsOf(console).map((text) => text.length))).toBeLessThanOrEqual(2 * 1024 * 1024)
  expect(textsOf(console).join('')).toHaveLength(3 * 1024 * 1024)
})

test('a line that is awaited is found whether it came before or comes after', async () => {
  const stream = new PassThrough()
  const console = new GuestConsole(stream)
  stream.write('early\n')
  await new Promise((resolve) => setImmediate(resolve))
  const early = console.lineWhere((text) => text === 'early')
  const late = console.lineWhere((text) => text === 'late')
  stream.write('late\n')
  expect([(await early).text, (await late).text]).toEqual(['early', 'late'])
})

test('a panic is reported as fatal', async () => {
  const console = await consoleOf([
    '[    1.500000] Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000100\n',
  ])
  expect(await console.fatal).toMatchObject({ kind: 'panic', severity: 'fatal' })
})

test('the end of the console includes what stands in an unfinished line', async () => {
  const stream = new PassThrough()
  const console = new GuestConsole(stream)
  stream.write('a\nb\nlogin: ')
  await new Promise((resolve) => setImmediate(resolve))
  expect(console.end(1)).toBe('b\nlogin: ')
})

test.each([
  ['carriage returns in a line', `${'\r'.repeat(1_000_000)}x\n`],
  ['words of a hung task', `${'INFO: task x blocked on '.repeat(40_000)}\n`],
  ['time stamps', `${'[    1.000000]'.repeat(70_000)}\n`],
  ['open brackets', `${'[ '.repeat(500_000)}\n`],
])('a megabyte of %s takes no more time than another', async (_, text) => {
  const startedMs = performance.now()
  expect((await consoleOf([text])).lines).toHaveLength(1)
  expect(performance.now() - startedMs).toBeLessThan(5000)
})

test('a console without end keeps its start, its markers and its end, and says what is missing', async () => {
  const stream = new PassThrough()
  const console = new GuestConsole(stream, new KeptLines({ headBytes: 1000, tailBytes: 1000, markedBytes: 400 }))
  for (let count = 0; count < 1000; count++) stream.write(count === 500 ? '===OUTPUT_END===\n' : `${count}\n`)
  stream.end()
  await console.ended
  const texts = textsOf(console)
  expect(texts[0]).toBe('0')
  expect(texts.at(-1)).toBe('999')
  expect(texts).toContain('===OUTPUT_END===')
  expect(texts.filter((text) => !/^\d+$/.test(text))).toEqual([
    expect.stringMatching(/^\[9\d\d lines of this console are left out here: it printed more than is kept\]$/),
    '===OUTPUT_END===',
  ])
  expect(texts.length).toBeLessThan(25)
})

test('a panic behind all that is kept is still seen', async () => {
  const stream = new PassThrough()
  const console = new GuestConsole(stream, new KeptLines({ headBytes: 1000, tailBytes: 1000, markedBytes: 400 }))
  stream.write('\n'.repeat(100_000))
  stream.end('[    1.500000] Kernel panic - not syncing: x\n')
  expect(await console.fatal).toMatchObject({ kind: 'panic' })
})
