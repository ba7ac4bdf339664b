import { formatValue } from '../../model/quantities.ts'
import type { History } from '../details-schema.ts'
import { labelled } from '../image-labels.ts'
import type { Report } from '../schema.ts'
import { html, type Markup } from './markup.ts'
import { drawn, position } from './scale.ts'

/** How metrics went over earlier runs, with the baseline and where the level changed. Nothing without a history. */
export function historySection({ images }: Report): Markup | undefined {
  const charts = labelled(images, ({ history }) => history?.filter(({ points }) => points.length > 1)).map(
    ({ item, label }) => historyChart(item, label),
  )
  if (charts.length === 0) return undefined
  return html`<section id="history"><h2>History</h2><div class="charts">${charts}</div></section>`
}

const [width, height, margin] = [600, 120, 8]
/** Runs that a chart shows; older ones are in the history file. */
const maxPoints = 200

/** The course of one metric, with a stroke where its level changed. */
export function historyChart({ metric, unit, points, baseline, changePoints }: History, label: string): Markup {
  const skipped = Math.max(0, points.length - maxPoints)
  const shown = points.slice(skipped)
  const values = [...shown.map(({ value }) => value), ...(baseline === undefined ? [] : [baseline])]
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const x = (index: number) => margin + position(index, 0, Math.max(1, shown.length - 1), width - 2 * margin)
  const y = (value: number) => drawn(height - margin - position(value, least, most, height - 2 * margin))
  const path = shown.map(({ value }, index) => `${x(index)},${y(value)}`).join(' ')
  const last = shown.at(-1)
  return html`<figure><figcaption>${label} <code>${metric}</code> <span class="where">${last && formatValue(last.value, unit)}${
    baseline === undefined ? undefined : `, baseline ${formatValue(baseline, unit)}`
  }, ${formatValue(least, unit)} to ${formatValue(most, unit)} in ${shown.length} runs</span></figcaption>
<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${metric} over ${shown.length} runs">${
    baseline === undefined
      ? undefined
      : html`<line class="baseline" x1="0" x2="${width}" y1="${y(baseline)}" y2="${y(baseline)}"><title>baseline ${formatValue(baseline, unit)}</title></line>`
  }${changePoints
    .filter((index) => index >= skipped && index < points.length)
    .map(
      (index) =>
        html`<line class="change" x1="${x(index - skipped)}" x2="${x(index - skipped)}" y1="0" y2="${height}"><title>the level changed here</title></line>`,
    )}<polyline points="${path}"/>${shown.map(
    ({ at, value, run }, index) =>
      html`<circle cx="${x(index)}" cy="${y(value)}" r="3"><title>${at}${run === undefined ? '' : ` ${run}`}: ${formatValue(value, unit)}</title></circle>`,
  )}</svg></figure>`
}
