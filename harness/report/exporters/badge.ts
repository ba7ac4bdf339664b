import { type Status, statusNames } from '../../model/status.ts'
import { html } from '../html/markup.ts'
import type { Report, Verdict } from '../schema.ts'

/** What a badge says. */
export interface BadgeFacts {
  verdict: Verdict
  counts: Readonly<Partial<Record<Status, number>>>
}

/** The verdict of a report as a picture for the head of another page. */
export function badgeSvg({ verdict, images }: Pick<Report, 'verdict' | 'images'>): string {
  const results = images.flatMap(({ requirements }) => requirements)
  const counts = statusNames.map((name) => [name, results.filter(({ status }) => status === name).length])
  return badge({ verdict, counts: Object.fromEntries(counts) })
}

/** Contrast with white is 4.5 or more (WCAG 2.2, 1.4.3). */
const colours: Record<Verdict, string> = { conforms: '#15703a', 'does-not-conform': '#b3261e', error: '#8a5300' }

const label = 'conformance'
const [height, padding] = [20, 8]
/** Columns of a letter of Verdana's 11 px, as wide as the widest that occur often: texts are stretched to it. */
const letterWidth = 6.6

/** A picture of one line: no font, script or address of elsewhere is in it. */
export function badge({ verdict, counts }: BadgeFacts): string {
  const text = countsText(verdict, counts)
  const [left, right] = [label, text].map((words) => Math.round(words.length * letterWidth) + 2 * padding) as [
    number,
    number,
  ]
  const word = (words: string, start: number, width: number) =>
    html`<text x="${start + padding}" y="14" textLength="${width - 2 * padding}">${words}</text>`
  return `${
    html`<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="${height}" role="img" aria-label="${label}: ${text}"><title>${label}: ${text}</title>
<rect width="${left + right}" height="${height}" rx="3" fill="#3b4250"/><path d="M${left} 0h${right - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-${right - 3}z" fill="${colours[verdict]}"/>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">${word(label, 0, left)}${word(text, left, right)}</g></svg>`
      .text
  }\n`
}

/** What decided, then what passed: `542 passed`, `3 failed, 539 passed`. */
function countsText(verdict: Verdict, { pass = 0, fail = 0, error = 0, waived = 0 }: BadgeFacts['counts']): string {
  const parts = [
    [error, 'broke'],
    [fail, verdict === 'conforms' ? 'warned' : 'failed'],
    [waived, 'waived'],
    [pass, 'passed'],
  ] as const
  const shown = parts.flatMap(([number, word]) => (number > 0 ? [`${number} ${word}`] : []))
  if (verdict === 'error') return ['no verdict', ...shown].join(', ')
  return shown.join(', ')
}
