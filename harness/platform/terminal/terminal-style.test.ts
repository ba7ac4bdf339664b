import fc from 'fast-check'
import stringWidth from 'string-width'
import { describe, expect, test } from 'vitest'
import { cutLine, padColumns, paint, type TerminalStyle, terminalStyle, wrapText } from './terminal-style.ts'

const terminal = { isTTY: true, columns: 120, rows: 50 } as const
const log = { isTTY: false } as unknown as NodeJS.WriteStream

describe('terminalStyle', () => {
  test('a terminal is live, coloured and as large as it says', () => {
    expect(terminalStyle(terminal, {})).toEqual({ columns: 120, rows: 50, colour: true, live: true })
  })

  test('a log is neither live nor coloured', () => {
    expect(terminalStyle(log, {})).toMatchObject({ colour: false, live: false })
  })

  test.each([
    [terminal, { NO_COLOR: '1' }, false],
    [terminal, { NO_COLOR: '' }, true],
    [terminal, { TERM: 'dumb' }, false],
    [terminal, { FORCE_COLOR: '0' }, false],
    [log, { FORCE_COLOR: '1' }, true],
    [log, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
  ])('colour follows the environment (%#)', (stream, environment, colour) => {
    expect(terminalStyle(stream, environment).colour).toBe(colour)
  })
})

describe('cutLine', () => {
  test('never gives a line wider than allowed, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.integer({ min: 2, max: 80 }), (line, columns) => {
        expect(stringWidth(cutLine(line, columns))).toBeLessThanOrEqual(columns)
      }),
    )
  })

  test('keeps a line that fits, colours included', () => {
    const line = paint({ colour: true } as TerminalStyle, 'red', 'x'.repeat(10))
    expect(cutLine(line, 10)).toBe(line)
    expect(cutLine(line, 9)).toBe(`${'x'.repeat(8)}…`)
  })

  test('counts wide characters as two columns', () => expect(cutLine('完成完成', 5)).toBe('完成…'))
})

describe('padColumns', () => {
  test('pads each character up to U+024F by the columns that it takes', () => {
    for (let code = 0x20; code < 0x250; code++) {
      const character = String.fromCodePoint(code)
      expect(stringWidth(padColumns(character, 3)), `U+${code.toString(16)}`).toBe(3)
    }
  })
})

describe('wrapText', () => {
  test('loses no word and breaks only at spaces', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { maxLength: 30 })
    fc.assert(
      fc.property(words, fc.integer({ min: 8, max: 40 }), (given, columns) => {
        const lines = wrapText(given.join(' '), columns)
        expect(lines.join(' ').split(' ').filter(Boolean)).toEqual(given)
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns)
      }),
    )
  })

  test('keeps together what a no-break space joins', () => {
    expect(wrapText('aaa bbb\u00a0ccc', 8)).toEqual(['aaa', 'bbb\u00a0ccc'])
  })
})
