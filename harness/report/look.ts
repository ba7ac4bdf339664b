import { stripVTControlCharacters, styleText } from 'node:util'
import stringWidth from 'string-width'

/** How text may look where it is shown. */
export interface Look {
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
export function lookOf(stream: OutputStream, environment = process.env): Look {
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

export const paint = (look: Look, style: Style, text: string): string =>
  look.colour ? styleText(style, text, { validateStream: false }) : text

/** Cuts a line that is wider than the columns it may take; wide characters count two. A line that is cut loses its colours. */
export function cutLine(line: string, columns: number): string {
  if (stringWidth(line) <= columns) return line
  let cut = ''
  let width = 1
  for (const { segment } of new Intl.Segmenter().segment(stripVTControlCharacters(line))) {
    width += stringWidth(segment)
    if (width > columns) break
    cut += segment
  }
  return `${cut}…`
}

/** Pads a text on the right to a width in columns. */
export const padColumns = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(0, columns - stringWidth(text)))

/** Breaks a text at spaces, not at no-break spaces, into lines no wider than the columns; a longer word is cut. */
export function wrapText(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/[ \t\n]+/).filter(Boolean)) {
    const longer = line ? `${line} ${word}` : word
    if (line && stringWidth(longer) > columns) lines.push(line)
    line = line && stringWidth(longer) > columns ? word : longer
  }
  return [...lines, line].map((each) => cutLine(each, columns))
}
