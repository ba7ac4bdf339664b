import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { GuestConsole } from './guest-console.ts'

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
