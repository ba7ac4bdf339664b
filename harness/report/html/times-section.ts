import { formatValue, median } from '../../model/quantities.ts'
import type { Metric } from '../../model/result.ts'
import { imageLabels } from '../image-labels.ts'
import type { ImageReport, Report } from '../schema.ts'
import { html, type Markup } from './markup.ts'
import { position } from './scale.ts'

/** Every metric with its median, its spread and its samples; two images side by side, with their ratio. */
export function timesSection({ images }: Report): Markup | undefined {
  const labels = imageLabels(images)
  const names = [...new Set(images.flatMap(({ metrics }) => metrics.map(keyOf)))]
  if (names.length === 0) return undefined
  return html`<section id="times"><h2>Times and sizes</h2>
<p class="hint">Each mark is a sample, the tall one their median. Wall times of emulated guests vary with the machine; exact counts do not.</p>
<table class="times"><thead><tr><th scope="col">What</th>${labels.map((label, index) => html`<th scope="col" class="number"><svg class="key" viewBox="0 0 10 10" aria-hidden="true"><rect class="strip-${index % 2}" width="10" height="10"/></svg>${label}</th>`)}${
    images.length === 2 ? html`<th scope="col" class="number">Ratio</th>` : undefined
  }<th scope="col" class="number">Samples</th><th scope="col" class="wide">Spread</th></tr></thead><tbody>${names.map((name) => metricRow(name, images, labels))}</tbody></table></section>`
}

const keyOf = ({ name, tier }: Metric): string => `${name} ${tier}`

function metricRow(key: string, images: readonly ImageReport[], labels: readonly string[]): Markup {
  const found = images.map(({ metrics }) => metrics.find((metric) => keyOf(metric) === key))
  const { name, unit } = found.find(Boolean) as Metric
  const medians = found.map((metric) => metric && median(metric.samples))
  const all = found.flatMap((metric) => metric?.samples ?? [])
  return html`<tr><th scope="row"><code>${name}</code></th>${medians.map((value) => html`<td class="number">${value === undefined ? '–' : formatValue(value, unit)}</td>`)}${
    images.length === 2 ? html`<td class="number">${ratio(medians)}</td>` : undefined
  }<td class="number">${found.map((metric) => metric?.samples.length ?? 0).join(' / ')}</td><td>${
    found.some((metric) => (metric?.samples.length ?? 0) > 1) ? strips(found, labels, all, unit) : undefined
  }</td></tr>`
}

function ratio([one, other]: readonly (number | undefined)[]): string {
  return one && other !== undefined ? `× ${(other / one).toFixed(2)}` : '–'
}

const stripHeight = 14
const stripWidth = 300

/** Marks drawn of one metric; more would only be blacker. */
const maxMarks = 300

function strips(
  found: readonly (Metric | undefined)[],
  labels: readonly string[],
  all: readonly number[],
  unit: string,
): Markup {
  const [least, most] = [Math.min(...all), Math.max(...all)]
  const at = (value: number) => position(value, least, most, stripWidth - 4) + 2
  const rows = found.map((metric, index) => {
    if (!metric) return undefined
    const top = index * stripHeight
    const middle = median(metric.samples) as number
    const [low, high] = [Math.min(...metric.samples), Math.max(...metric.samples)]
    return html`<g class="strip-${index % 2}"><title>${labels[index]}: ${formatValue(low, unit)} to ${formatValue(high, unit)}</title><rect class="range" x="${at(low)}" y="${top + 6}" width="${Math.max(1, at(high) - at(low))}" height="2"/>${metric.samples
      .slice(0, maxMarks)
      .map(
        (sample) => html`<rect class="sample" x="${at(sample) - 0.75}" y="${top + 3}" width="1.5" height="8"/>`,
      )}<rect class="median" x="${at(middle) - 1.5}" y="${top}" width="3" height="14"/></g>`
  })
  const range = `${formatValue(least, unit)} to ${formatValue(most, unit)}`
  return html`<svg class="strips" viewBox="0 0 ${stripWidth} ${found.length * stripHeight}" role="img" aria-label="${range}">${rows}</svg><span class="range-words">${range}</span>`
}
