import { count } from '../../model/quantities.ts'
import type { RequirementResult } from '../../model/result.ts'
import { isDecidingFailure } from '../judge.ts'
import type { Report } from '../schema.ts'
import { type Problem, problemsOf } from '../significance.ts'
import { severityMeanings } from '../words.ts'
import { findingsView, requirementLink } from './findings-view.ts'
import { html, type Markup } from './markup.ts'

/** All that is not as it should be: what broke first, then what decides, then advice. Nothing where all is well. */
export function problemsSection(report: Report): Markup | undefined {
  const { faults = [] } = report
  const problems = problemsOf(report)
  if (problems.length + faults.length === 0) return undefined
  return html`<section id="problems"><h2>What is wrong</h2>
${faults.map((fault) => html`<article class="problem error"><h3><span class="chip error">fault</span> The harness or its environment</h3><p class="fault">${fault}</p></article>`)}
${problems.map(problemView)}</section>`
}

const problemView = ({ result, image, blocks }: Problem): Markup =>
  html`<article class="problem ${kindOf(result)}"><h3><span class="chip ${kindOf(result)}" title="${severityMeanings[result.severity]}">${
    result.status === 'error' ? 'broke' : result.severity
  }</span> ${requirementLink(result.id)} ${result.title} <span class="where">${image}</span></h3>${findingsView(result)}${
    blocks.length > 0 ? blocksView(blocks) : undefined
  }</article>`

/** What could not be asked because of a failure: listed with it, folded away. */
const blocksView = (blocks: readonly RequirementResult[]): Markup =>
  html`<details class="blocks"><summary>Blocks ${count(blocks.length, 'requirement')}</summary><ul>${blocks.map(
    ({ id, title }) => html`<li>${requirementLink(id)} ${title}</li>`,
  )}</ul></details>`

function kindOf(result: RequirementResult): string {
  if (result.status === 'error') return 'error'
  return isDecidingFailure(result) ? 'fail' : 'advice'
}
