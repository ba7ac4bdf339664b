import { type ArchitectureName, architectureNames } from '../../model/architecture.ts'
import type { Status } from '../../model/status.ts'
import { html, type Markup } from '../../report/html/markup.ts'
import { statusWords, verdictWords } from '../../report/words.ts'
import type { ImageLine, JudgedOnce } from './image-line.ts'

/** Images and releases down, architectures across, the latest verdict of each with those before. */
export function matrixSection(lines: readonly ImageLine[]): Markup {
  const shown = architectureNames.filter((name) => lines.some(({ arch }) => arch === name))
  const rows = [...Map.groupBy(lines, ({ name, release }) => JSON.stringify([name, release])).values()]
  return html`<section id="images"><h2>Images</h2><div class="table-box"><table class="matrix">
<thead><tr><th scope="col">Image</th><th scope="col">Release</th>${shown.map((arch) => html`<th scope="col">${arch}</th>`)}</tr></thead>
<tbody>${rows.map((row) => rowView(row, shown))}</tbody></table></div></section>`
}

function rowView(row: readonly ImageLine[], shown: readonly ArchitectureName[]): Markup {
  const [first] = row as [ImageLine]
  const cells = shown.map((arch) => cellView(row.find((line) => line.arch === arch)))
  return html`<tr><th scope="row">${first.name}</th><td>${first.release}</td>${cells}</tr>`
}

/** How many earlier runs are drawn. */
const shownRuns = 30

function cellView(line: ImageLine | undefined): Markup {
  const latest = line?.runs.at(-1)
  if (!line || !latest) return html`<td class="none">not verified</td>`
  const { sign, word } = verdictWords[latest.verdict]
  return html`<td><a class="verdict-link ${latest.verdict}" href="${reportAddress(latest)}"><span aria-hidden="true">${sign}</span> ${word}</a>
<div class="where">${countsText(latest)}</div><div class="where">${day(latest.at)}</div>${runsView(line.runs.slice(-shownRuns))}</td>`
}

/** Relative, so that the site may be moved with its reports; no name of a folder is taken for an address. */
const reportAddress = ({ folder }: JudgedOnce): string =>
  `./${[...folder.split('/'), 'report.html']
    .filter((part) => part !== '.')
    .map(encodeURIComponent)
    .join('/')}`

const day = (at: string): string => (at === '' ? 'at an unknown time' : at.slice(0, 16).replace('T', ' '))

const countsText = ({ counts }: JudgedOnce): string =>
  (Object.keys(statusWords) as Status[])
    .filter((status) => counts[status] > 0)
    .map((status) => `${counts[status]} ${statusWords[status].word}`)
    .join(', ')

const [size, gap] = [8, 2]
/** Heights tell what colours do too. */
const heights: Record<JudgedOnce['verdict'], number> = { conforms: 4, 'does-not-conform': 12, error: 8 }
const fills: Record<JudgedOnce['verdict'], string> = {
  conforms: 'fill-pass',
  'does-not-conform': 'fill-fail',
  error: 'fill-error',
}

/** The verdicts of the runs, oldest first, each as a bar that leads to its report. */
function runsView(runs: readonly JudgedOnce[]): Markup | undefined {
  if (runs.length < 2) return undefined
  const width = runs.length * (size + gap)
  return html`<svg class="runs" width="${width}" height="12" viewBox="0 0 ${width} 12" role="img" aria-label="Verdicts of ${runs.length} runs">${runs.map(
    (run, index) =>
      html`<a href="${reportAddress(run)}" tabindex="-1"><rect class="${fills[run.verdict]}" x="${index * (size + gap)}" y="${12 - heights[run.verdict]}" width="${size}" height="${heights[run.verdict]}"><title>${day(run.at)}: ${verdictWords[run.verdict].word}</title></rect></a>`,
  )}</svg>`
}
