import { basename } from 'node:path'
import { count, formatBytes, formatDuration } from '../../model/quantities.ts'
import type { RequirementResult } from '../../model/result.ts'
import type { Status } from '../../model/status.ts'
import { imageLabels } from '../image-labels.ts'
import { isDecidingFailure } from '../judge.ts'
import { notJudgedText } from '../not-judged-text.ts'
import { notRunText } from '../not-run.ts'
import { reusedText } from '../reused.ts'
import type { ImageReport, Report } from '../schema.ts'
import { statusWords, verdictWords } from '../words.ts'
import { html, type Markup } from './markup.ts'

/** The verdict in a word and a sentence, then what was looked at. */
export function verdictSection(report: Report): Markup {
  const { sign, word } = verdictWords[report.verdict]
  const labels = imageLabels(report.images)
  const reused = reusedText(report)
  return html`<header class="verdict ${report.verdict}">
<p class="program">vpdmn-conformance ${report.harnessVersion}</p>
<h1><span class="sign" aria-hidden="true">${sign}</span> ${word}</h1>
<p class="sentence">${sentence(report)}</p>
<p class="facts">${facts(report)}</p>
${reused && html`<p class="facts">${reused}</p>`}
</header>
<section class="images" aria-label="Images">${report.images.map((image, index) => card(image, labels[index] as string))}</section>`
}

function sentence(report: Report): string {
  const { verdict, images, faults = [] } = report
  const results = images.flatMap(({ requirements }) => requirements)
  const number = (status: Status) => results.filter((result) => result.status === status).length
  const broken = number('error') + faults.length
  const failed = results.filter(isDecidingFailure).length
  const extent = `${count(results.length, 'requirement')} of ${count(images.length, 'image')}`
  const notRun = notRunText(report)
  if (verdict === 'error' && notRun !== undefined) return `${notRun} There is no verdict.`
  if (verdict === 'error')
    return `${broken === 0 ? 'Nothing was looked at' : `${count(broken, 'check')} broke`}, so this run says nothing about the ${images.length === 1 ? 'image' : 'images'}.`
  const asked =
    verdict === 'conforms'
      ? `No problem found in ${extent}.`
      : `${failed} of ${extent} ${failed === 1 ? 'is' : 'are'} not met.`
  const unanswered = unansweredSentences(number('blocked'), number('not-applicable'))
  return [asked, ...unanswered, notRun ?? []].flat().join(' ')
}

const unansweredSentences = (blocked: number, inapplicable: number): string[] => [
  ...(blocked > 0 ? [`${blocked} could not be asked because of a failure.`] : []),
  ...(inapplicable > 0 ? [`${inapplicable} ${inapplicable === 1 ? 'does' : 'do'} not apply.`] : []),
]

function facts({ startedAt, harnessDurationMs, host }: Report): string {
  const when = startedAt === undefined ? '' : `${startedAt.replace('T', ' ').replace(/\.\d+Z$/, '')} UTC · `
  const guests =
    host.accelerator === 'none'
      ? 'no guest started'
      : `guests by ${host.accelerator}, QEMU ${host.qemuVersion}${host.confinement === undefined ? '' : `, held by ${host.confinement}`}`
  return `${when}${formatDuration(harnessDurationMs)} · ${guests} · ${count(host.cpuCount, 'CPU')}`
}

function card(image: ImageReport, label: string): Markup {
  const { file, sizeBytes, engine, profile, kernel, arch, sha256, requirements, billOfMaterials } = image
  return html`<article class="card">
<h2>${label}</h2>
${bar(requirements)}
${image.notJudgedBy && html`<p>${notJudgedText(image)}</p>`}
<details><summary>${basename(file)}, ${formatBytes(sizeBytes)}, profile ${profile}</summary><dl>
<dt>File</dt><dd class="path">${file}</dd>
<dt>SHA-256</dt><dd class="path">${sha256}</dd>
<dt>Architecture</dt><dd>${arch}</dd>
${engine && html`<dt>Engine</dt><dd>${engine}</dd>`}
${kernel && html`<dt>Kernel</dt><dd>${kernel.version} (${kernel.origin === 'user' ? 'its own' : 'of the harness'})</dd>`}
${billOfMaterials && html`<dt>Materials</dt><dd class="path">${billOfMaterials}</dd>`}
</dl></details>
</article>`
}

/** Counts of each status as the widths of one bar, with the same in words. */
function bar(results: readonly RequirementResult[]): Markup {
  const counts = (Object.keys(statusWords) as Status[])
    .map((status) => ({ status, number: results.filter((result) => result.status === status).length }))
    .filter(({ number }) => number > 0)
  let left = 0
  const rects = counts.map(({ status, number }) => {
    const width = (number / results.length) * 100
    left += width
    return html`<rect class="fill-${status}" x="${left - width}" y="0" width="${width}" height="8"/>`
  })
  const words = counts.map(
    ({ status, number }) => html`<li class="${status}">${number} ${statusWords[status].word}</li>`,
  )
  return html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">${rects}</svg><ul class="counts">${words}</ul>`
}
