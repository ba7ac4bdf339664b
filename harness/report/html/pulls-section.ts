import { formatBytes, formatDuration } from '../../model/quantities.ts'
import type { Pull } from '../details-schema.ts'
import { labelled } from '../image-labels.ts'
import type { Report } from '../schema.ts'
import { html, type Markup } from './markup.ts'
import { drawn } from './scale.ts'

/** Rows of one waterfall: a pull of an everyday image has a dozen. */
const maxSteps = 120

/** Pulls as waterfalls of what the registry served and what the guest did. Nothing where no pull was recorded. */
export function pullsSection({ images }: Report): Markup | undefined {
  const pulls = labelled(images, (image) => image.pulls)
  if (pulls.length === 0) return undefined
  return html`<section id="pulls"><h2>Pulls</h2>${pulls.map(({ item, label }) => pullView(item, label))}</section>`
}

function pullView({ reference, requirement, steps }: Pull, label: string): Markup {
  const totalMs = Math.max(1, ...steps.map(({ startMs, durationMs }) => startMs + durationMs))
  const link = requirement && html` <a href="#${requirement}">${requirement}</a>`
  return html`<article class="pull"><h3>${label} <code>${reference}</code>${link} <span class="where">${formatDuration(totalMs)}</span></h3>
<table class="waterfall"><thead><tr><th scope="col">Who</th><th scope="col">What</th><th scope="col" class="number">Size</th><th scope="col" class="number">Time</th><th scope="col" class="wide">When</th></tr></thead><tbody>${steps
    .toSorted((a, b) => a.startMs - b.startMs)
    .slice(0, maxSteps)
    .map((step) => stepView(step, totalMs))}</tbody></table>${
    steps.length > maxSteps ? html`<p>… and ${steps.length - maxSteps} more in report.json.</p>` : undefined
  }</article>`
}

function stepView(
  { side, name, startMs, durationMs, sizeBytes, status }: Pull['steps'][number],
  totalMs: number,
): Markup {
  const x = drawn((startMs / totalMs) * 1000)
  const width = Math.max(3, drawn((durationMs / totalMs) * 1000))
  const isRefused = status !== undefined && status >= 400
  return html`<tr><td>${side}</td><td><code>${name}</code>${status === undefined ? undefined : html` <span class="${isRefused ? 'fail' : 'where'}">${status}</span>`}</td><td class="number">${
    sizeBytes === undefined ? undefined : formatBytes(sizeBytes)
  }</td><td class="number">${formatDuration(durationMs)}</td><td><svg class="span" viewBox="0 0 1000 12" preserveAspectRatio="none" role="img" aria-label="from ${formatDuration(startMs)} on"><rect class="side-${side}" x="${Math.min(x, 997)}" y="1" width="${width}" height="10"/></svg></td></tr>`
}
