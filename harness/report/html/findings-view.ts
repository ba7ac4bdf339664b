import type { Requirement } from '../../model/requirement.ts'
import type { Finding, RequirementResult } from '../schema.ts'
import { placeOf } from '../significance.ts'
import { consoleView } from './console-view.ts'
import { html, type Markup } from './markup.ts'

/** A report is read: an image may bring any number of findings of one kind. */
const shownFindings = 50

/** What was seen, where, what to change, and what the image itself printed. */
export function findingsView({ findings, evidence }: RequirementResult): Markup {
  const left = findings.length - shownFindings
  return html`${findings.length > 0 ? html`<ul class="findings">${findings.slice(0, shownFindings).map(findingView)}</ul>` : undefined}${
    left > 0 ? html`<p>… and ${left} more in report.json.</p>` : undefined
  }${evidence === undefined ? undefined : evidenceView(evidence)}`
}

const findingView = (finding: Finding): Markup => {
  const { message, remedy } = finding
  const place = placeOf(finding)
  return html`<li>${place && html`<code class="path">${place}</code> `}<span class="message">${message}</span>${
    remedy && html`<p class="remedy"><span aria-hidden="true">→ </span>${remedy}</p>`
  }</li>`
}

const evidenceView = (evidence: string): Markup =>
  html`<details class="evidence"><summary>What the image printed</summary>${consoleView(
    evidence.split('\n').map((text) => ({ text })),
  )}</details>`

/** Why a requirement is there. */
export const explanationView = (requirement: Requirement | undefined): Markup =>
  requirement
    ? html`<dl class="why"><dt>Why</dt><dd>${requirement.why}</dd><dt>Source</dt><dd>${requirement.source}</dd><dt>Remedy</dt><dd>${requirement.remedy}</dd></dl>`
    : html``

/** A requirement of this report, where it stands with all that is known of it. */
export const requirementLink = (id: string): Markup => html`<a href="#${id}">${id}</a>`
