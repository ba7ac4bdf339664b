import { isDecidingFailure } from '../judge.ts'
import { imageLabels } from '../requirement-rows.ts'
import type { Report, RequirementResult, Severity } from '../schema.ts'
import { findingsView } from './findings-view.ts'
import { html, type Markup } from './markup.ts'
import { severityMeanings } from './words.ts'

const rank: Record<Severity, number> = { blocker: 1, error: 2, warning: 3, info: 4 }

/** All that is not as it should be: what broke first, then what decides, then advice. Nothing where all is well. */
export function problemsSection({ images, faults = [] }: Report): Markup | undefined {
  const labels = imageLabels(images)
  const problems = images
    .flatMap(({ requirements }, index) =>
      requirements.filter(isProblem).map((result) => ({ result, label: labels[index] as string })),
    )
    .toSorted((a, b) => rankOf(a.result) - rankOf(b.result))
  if (problems.length + faults.length === 0) return undefined
  return html`<section id="problems"><h2>What speaks against it</h2>
${faults.map((fault) => html`<article class="problem error"><h3><span class="chip error">fault</span> The harness or its surroundings</h3><p class="fault">${fault}</p></article>`)}
${problems.map(({ result, label }) => problemView(result, label))}</section>`
}

const isProblem = ({ status }: RequirementResult): boolean => status === 'error' || status === 'fail'

const rankOf = ({ status, severity }: RequirementResult): number => (status === 'error' ? 0 : rank[severity])

const problemView = (result: RequirementResult, label: string): Markup =>
  html`<article class="problem ${kindOf(result)}"><h3><span class="chip ${kindOf(result)}" title="${severityMeanings[result.severity]}">${
    result.status === 'error' ? 'broke' : result.severity
  }</span> <a href="#${result.id}">${result.id}</a> ${result.title} <span class="where">${label}</span></h3>${findingsView(result)}</article>`

function kindOf(result: RequirementResult): string {
  if (result.status === 'error') return 'error'
  return isDecidingFailure(result) ? 'fail' : 'advice'
}
