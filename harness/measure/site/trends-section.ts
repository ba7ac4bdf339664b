import { formatValue } from '../../model/quantities.ts'
import type { History } from '../../report/details-schema.ts'
import { historyChart } from '../../report/html/history-section.ts'
import { html, type Markup } from '../../report/html/markup.ts'
import { drawn, position } from '../../report/html/scale.ts'
import { seriesOf } from '../history/series.ts'
import type { MeasuredLine } from './read-site.ts'

/** Runs of an image whose measurements are shown: telling change points from chance takes the square of them. */
const maxRuns = 200

/** Metrics whose course is drawn large: what people wait for. */
const drawnLarge = /^(?:boot|pull|run)_/

/** How the metrics of each image went, those of one machine and key together. */
export function trendsSection(lines: readonly MeasuredLine[]): Markup | undefined {
  const parts = lines.flatMap((line) => {
    const series = seriesOfLine(line)
    return series.length > 0 ? [partView(line, series)] : []
  })
  return parts.length > 0 ? html`<section id="trends"><h2>Trends</h2>${parts}</section>` : undefined
}

/** Runs that measured nothing, such as those of the static suite, have no part in it. */
function seriesOfLine({ records }: MeasuredLine): History[] {
  const measured = records.filter(({ metrics }) =>
    metrics.some(({ tier, name }) => tier !== 0 || name !== 'image_size_bytes'),
  )
  const shown = (measured.length > 0 ? measured : records).slice(-maxRuns)
  const latest = shown.at(-1)
  return latest ? seriesOf(latest, shown.slice(0, -1)).filter(({ points }) => points.length > 1) : []
}

function partView({ name, release, arch }: MeasuredLine, series: readonly History[]): Markup {
  const large = series.filter(({ metric }) => drawnLarge.test(metric))
  return html`<section class="part"><h3>${name} <span class="where">${release}, ${arch}</span></h3>
<div class="table-box"><table class="matrix"><thead><tr><th scope="col">Metric</th><th scope="col">Latest</th><th scope="col">Course</th><th scope="col">Runs</th><th scope="col">Level changed</th></tr></thead>
<tbody>${series.map(metricRow)}</tbody></table></div>
${large.length > 0 ? html`<details><summary>Boot, pull and run</summary><div class="charts">${large.map((one) => historyChart(one, arch))}</div></details>` : undefined}</section>`
}

function metricRow({ metric, unit, points, changePoints }: History): Markup {
  const changed = changePoints.map((index) => points[index]?.run ?? points[index]?.at.slice(0, 10) ?? '')
  return html`<tr><th scope="row"><code>${metric}</code></th><td>${formatValue(points.at(-1)?.value ?? 0, unit)}</td><td>${sparkline({ metric, unit, points, changePoints })}</td><td>${points.length}</td><td>${changed.length > 0 ? changed.join(', ') : 'not noticed'}</td></tr>`
}

const [width, height, margin] = [160, 28, 3]

/** The course of a metric in the height of a line, with a stroke where its level changed. */
function sparkline({ metric, unit, points, changePoints }: History): Markup {
  const values = points.map(({ value }) => value)
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const x = (index: number) => margin + position(index, 0, values.length - 1, width - 2 * margin)
  const y = (value: number) => drawn(height - margin - position(value, least, most, height - 2 * margin))
  const label = `${metric}: ${formatValue(least, unit)} to ${formatValue(most, unit)} in ${values.length} runs`
  return html`<svg class="chart spark" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}"><title>${label}</title>${changePoints.map(
    (index) => html`<line class="change" x1="${x(index)}" x2="${x(index)}" y1="0" y2="${height}"/>`,
  )}<polyline points="${values.map((value, index) => `${x(index)},${y(value)}`).join(' ')}"/><circle cx="${x(values.length - 1)}" cy="${y(values.at(-1) as number)}" r="2.5"/></svg>`
}
