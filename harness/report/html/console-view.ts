import { count } from '../../model/quantities.ts'
import { lineMark } from '../console-marks.ts'
import { html, type Markup } from './markup.ts'

const isTrouble = (mark: string | undefined): boolean => mark !== undefined && mark !== 'marker'

interface ShownLine {
  text: string
  atMs?: number
}

/** A console's lines with their times, those that matter marked; `gap` says after which line how many were left out. */
export function consoleView(lines: readonly ShownLine[], leftOut = 0, gapAfter = 100): Markup {
  const rows = lines.map(({ text, atMs }, index) => {
    const mark = lineMark(text)
    const row = html`<li class="${mark ? `line mark-${mark}` : 'line'}">${
      atMs === undefined ? undefined : html`<span class="at">${(atMs / 1000).toFixed(2)}</span>`
    }<code>${text}</code></li>`
    return leftOut > 0 && index === gapAfter - 1
      ? [row, html`<li class="gap">… ${count(leftOut, 'line')} left out</li>`]
      : row
  })
  return html`<ol class="console" tabindex="0" aria-label="Console">${rows}</ol>`
}

/** How many lines of a console are marked as trouble, in words; nothing where there is none. */
export function troubleWords(texts: readonly string[]): string {
  const number = texts.filter((text) => isTrouble(lineMark(text))).length
  return number === 0 ? '' : `, ${count(number, 'marked line')}`
}
