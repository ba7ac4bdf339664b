import { isDecidingFailure } from '../judge.ts'
import type { Report, RequirementResult } from '../schema.ts'
import { problemsOf } from '../significance.ts'
import { findingsView } from './findings-view.ts'
import { html, type Markup } from './markup.ts'
import { severityMeanings } from './words.ts'

/** All that is not as it should be: what broke first, then what decides, then advice. Nothing where all is well. */
export function problemsSection(report: Report): Markup | undefined {
  const { faults = [] } = report
  const problems = problemsOf(report)
  if (problems.length + faults.length === 0) return undefined
  return html`<section id="problems"><h2>What speaks against it</h2>
${faults.map((fault) => html`<article class="problem error"><h3><span class="chip error">fault</span> The harness or its surroundings</h3><p class="fault">${fault}</p></article>`)}
${problems.map(({ result, image }) => problemView(result, image))}</section>`
}

const problemView = (result: RequirementResult, label: string): Markup =>
  html`<article class="problem ${kindOf(result)}"><h3><span class="chip ${kindOf(result)}" title="${severityMeanings[result.severity]}">${
    result.status === 'error' ? 'broke' : result.severity
  }</span> <a href="#${result.id}">${result.id}</a> ${result.title} <span class="where">${label}</span></h3>${findingsView(result)}</article>`

function kindOf(result: RequirementResult): string {
  if (result.status === 'error') return 'error'
  return isDecidingFailure(result) ? 'fail' : 'advice'
}
