import { areaTitle } from '../../model/areas.ts'
import { count, formatDuration } from '../../model/quantities.ts'
import type { Requirement } from '../../model/requirement.ts'
import type { RequirementResult } from '../../model/result.ts'
import type { Status } from '../../model/status.ts'
import { imageLabels } from '../image-labels.ts'
import { isDifference, type RequirementArea, type RequirementRow, requirementAreas } from '../requirement-rows.ts'
import type { Report } from '../schema.ts'
import { waitText } from '../starved.ts'
import { statusWords } from '../words.ts'
import { explanationView, findingsView, requirementLink } from './findings-view.ts'
import { html, type Markup } from './markup.ts'

/** Every requirement by area, the images side by side, with search and filters. */
export function requirementsSection({ images }: Report, known: ReadonlyMap<string, Requirement>): Markup {
  const labels = imageLabels(images)
  const areas = requirementAreas(images)
  const total = areas.reduce((sum, { rows }) => sum + rows.length, 0)
  return html`<section id="requirements"><h2>Requirements</h2>
${filters(areas, images.length > 1)}
${total > 0 ? meanings(areas) : undefined}
<p class="shown"><output id="shown">${count(total, 'requirement')}</output></p>
${images.length > 1 ? html`<p class="columns" aria-hidden="true">${labels.map((label) => html`<span class="column">${label}</span>`)}</p>` : undefined}
${areas.map((area) => areaView(area, labels, known))}</section>`
}

function filters(areas: readonly RequirementArea[], several: boolean): Markup {
  const present = statusesIn(areas)
  const suites = [...new Set(areas.map(({ suite }) => suite))]
  return html`<form id="filters" role="search" hidden><label class="search">Search <input type="search" id="search" autocomplete="off" spellcheck="false"></label>
<fieldset><legend>Status</legend>${present.map(
    (status) =>
      html`<label><input type="checkbox" name="status" value="${status}" checked> ${statusWords[status].word}</label>`,
  )}</fieldset>
<fieldset><legend>Suite</legend>${suites.map(
    (suite) => html`<label><input type="checkbox" name="suite" value="${suite}" checked> ${suite}</label>`,
  )}</fieldset>
${several ? html`<fieldset><legend>Images</legend><label><input type="checkbox" id="differences"> only where they differ</label></fieldset>` : undefined}</form>`
}

/** The statuses that occur, in the order in which they weigh. */
function statusesIn(areas: readonly RequirementArea[]): Status[] {
  const results = areas.flatMap(({ rows }) => rows.flatMap((row) => row.results.map((result) => result?.status)))
  return (Object.keys(statusWords) as Status[]).filter((status) => results.includes(status))
}

/** What the words of the statuses mean that occur. */
const meanings = (areas: readonly RequirementArea[]): Markup =>
  html`<details class="meanings"><summary>What the words mean</summary><dl class="why">${statusesIn(areas).map(
    (status) =>
      html`<dt class="${status}"><span aria-hidden="true">${statusWords[status].sign}</span> ${statusWords[status].word}</dt><dd>${statusWords[status].meaning}</dd>`,
  )}</dl></details>`

const areaView = (
  { suite, area, rows }: RequirementArea,
  labels: readonly string[],
  known: ReadonlyMap<string, Requirement>,
): Markup =>
  html`<section class="area" data-suite="${suite}"><h3>${areaTitle(area)} <span class="where">${suite}</span></h3>${rows.map((row) => rowView(row, labels, known))}</section>`

function rowView(row: RequirementRow, labels: readonly string[], known: ReadonlyMap<string, Requirement>): Markup {
  const { id, title, severity } = row.first
  const statuses = [...new Set(row.results.flatMap((result) => result?.status ?? []))]
  return html`<details class="row" id="${id}" data-status="${statuses.join(' ')}" data-differs="${isDifference(row) ? 'yes' : 'no'}"><summary>${row.results.map(
    (result, index) => statusView(result, labels[index] as string),
  )}<span class="id">${id}</span> <span class="title">${title}</span> <span class="severity">${severity}</span></summary><div class="body">${row.results.map(
    (result, index) => resultView(result, labels, index),
  )}${explanationView(known.get(id))}</div></details>`
}

function statusView(result: RequirementResult | undefined, label: string): Markup {
  if (!result) return html`<span class="status none" title="${label}: not asked">·</span>`
  const { sign, word } = statusWords[result.status]
  return html`<span class="status ${result.status}" role="img" title="${label}: ${word}" aria-label="${label}: ${word}">${sign}</span>`
}

function resultView(
  result: RequirementResult | undefined,
  labels: readonly string[],
  index: number,
): Markup | undefined {
  if (!result) return undefined
  const label = labels.length > 1 ? html`<strong>${labels[index]}</strong>: ` : undefined
  return html`<div class="result"><p>${label}${outcomeView(result)}</p>${findingsView(result)}</div>`
}

function outcomeView(result: RequirementResult): Markup {
  const { status, blockedBy, durationMs } = result
  const { word } = statusWords[status]
  if (blockedBy !== undefined) return html`${word} by ${requirementLink(blockedBy)}`
  return status === 'not-applicable'
    ? html`${word}`
    : html`${word} in ${formatDuration(durationMs)}${waitView(result)}${reusedView(result)}`
}

const reusedView = ({ reusedFrom }: RequirementResult): Markup | undefined =>
  reusedFrom === undefined ? undefined : html`, by the run of ${reusedFrom}`

function waitView(result: RequirementResult): Markup | undefined {
  const text = waitText(result)
  return text === undefined ? undefined : html`; ${text}`
}
