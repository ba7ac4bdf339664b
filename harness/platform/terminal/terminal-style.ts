import { createRequire } from 'node:module'
import { stripVTControlCharacters, styleText } from 'node:util'

/** How text may look where it is shown. */
export interface TerminalStyle {
  columns: number
  rows: number
  colour: boolean
  /** Lines that were written can be rewritten. */
  live: boolean
}

type OutputStream = Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'rows'>

/** Size of a page in a log, where no terminal gives one: wide enough for a path, long enough for a screenful of failures. */
const logPage = { columns: 100, rows: 60 }

/**
 * The look of a stream. NO_COLOR (no-color.org) and FORCE_COLOR (force-color.org) decide over colour, the second over
 * the first; else it is for terminals that are not dumb.
 */
export function terminalStyle(stream: OutputStream, environment = process.env): TerminalStyle {
  const live = stream.isTTY === true && environment.TERM !== 'dumb'
  return {
    columns: Math.max(stream.columns ?? logPage.columns, 40),
    rows: stream.rows ?? logPage.rows,
    colour: forcedColour(environment) ?? live,
    live,
  }
}

function forcedColour({ FORCE_COLOR, NO_COLOR }: NodeJS.ProcessEnv): boolean | undefined {
  if (FORCE_COLOR !== undefined) return !['0', 'false'].includes(FORCE_COLOR)
  return NO_COLOR ? false : undefined
}

export type Style = 'red' | 'green' | 'yellow' | 'bold' | 'dim'

export const paint = (look: TerminalStyle, style: Style, text: string): string =>
  look.colour ? styleText(style, text, { validateStream: false }) : text

/** Printable characters of Latin-1, without its soft hyphen, and the harness's own arrow, ellipsis and quotes: each takes one column. */
const latin = /^[ -~\u00a0-\u00ac\u00ae-\u00ff→…‘’“”]*$/

/** Columns that a text takes. The tables of Unicode take 30 ms to load, which most runs have no need of. */
const widthOf = (text: string): number => (latin.test(text) ? text.length : unicodeWidth()(text))

const unicodeWidth = (): typeof import('string-width').default => createRequire(import.meta.url)('string-width').default

/** Cuts a line that is wider than the columns it may take; wide characters count two. A line that is cut loses its colours. */
export function cutLine(line: string, columns: number): string {
  if (widthOf(line) <= columns) return line
  let cut = ''
  let width = 1
  for (const { segment } of new Intl.Segmenter().segment(stripVTControlCharacters(line))) {
    width += widthOf(segment)
    if (width > columns) break
    cut += segment
  }
  return `${cut}…`
}

/** Pads a text on the right to a width in columns. */
export const padColumns = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(0, columns - widthOf(text)))

/** Breaks a text at spaces, not at no-break spaces, into lines no wider than the columns; a longer word is cut. */
export function wrapText(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/[ \t\n]+/).filter(Boolean)) {
    const longer = line ? `${line} ${word}` : word
    if (line && widthOf(longer) > columns) lines.push(line)
    line = line && widthOf(longer) > columns ? word : longer
  }
  return [...lines, line].map((each) => cutLine(each, columns))
}
