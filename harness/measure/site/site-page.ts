import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { count } from '../../model/quantities.ts'
import { badge } from '../../report/exporters/badge.ts'
import { html, type Markup } from '../../report/html/markup.ts'
import { pageHead, pageStyle } from '../../report/html/page.ts'
import type { Verdict } from '../../report/schema.ts'
import { verdictWords } from '../../report/words.ts'
import type { JudgedOnce } from './image-line.ts'
import { matrixSection } from './matrix-section.ts'
import type { Site } from './read-site.ts'
import { trendsSection } from './trends-section.ts'

/** The files of a site, by their names: a page that needs no other file and no network, and a badge. */
export function siteFiles(site: Site): Readonly<Record<string, string>> {
  return { 'index.html': sitePage(site), 'badge.svg': siteBadge(site) }
}

const latestOf = ({ lines }: Site): JudgedOnce[] => lines.flatMap(({ runs }) => runs.at(-1) ?? [])

/** What speaks most against them; nothing speaks for no image at all. */
function verdictOf(latest: readonly JudgedOnce[]): Verdict {
  const order = ['error', 'does-not-conform', 'conforms'] as const
  return order.find((verdict) => latest.some((run) => run.verdict === verdict)) ?? 'error'
}

function siteBadge(site: Site): string {
  const latest = latestOf(site)
  const sum = (status: keyof JudgedOnce['counts']) => latest.reduce((total, { counts }) => total + counts[status], 0)
  return badge({
    verdict: verdictOf(latest),
    counts: { pass: sum('pass'), fail: sum('fail'), error: sum('error'), waived: sum('waived') },
  })
}

function sitePage(site: Site): string {
  const style = pageStyle() + readFileSync(join(import.meta.dirname, 'site.css'), 'utf8')
  const trends = trendsSection(site.lines)
  return html`${pageHead('Conformance of images', style)}
<body>
<a class="jump" href="#main">To the images</a>
${headView(site)}
<nav aria-label="Parts of the page"><a href="#images">Images</a>${trends && html`<a href="#trends">Trends</a>`}</nav>
<main id="main">${matrixSection(site.lines)}${trends}${passedOverView(site)}</main>
</body>
</html>
`.text
}

function headView(site: Site): Markup {
  const latest = latestOf(site)
  const verdict = verdictOf(latest)
  const conforming = latest.filter((run) => run.verdict === 'conforms').length
  return html`<header class="verdict ${verdict}">
<p class="program">vpdmn-conformance</p>
<h1><span class="sign" aria-hidden="true">${verdictWords[verdict].sign}</span> ${conforming} of ${count(latest.length, 'image')} conform${conforming === 1 ? 's' : ''}</h1>
<p class="sentence">By the latest of ${count(site.reportCount, 'report')}, for each release and architecture.</p>
</header>`
}

const passedOverView = ({ passedOver }: Site): Markup | undefined =>
  passedOver.length > 0
    ? html`<section id="passed-over"><h2>Passed over</h2><ul>${passedOver.map((reason) => html`<li>${reason}</li>`)}</ul></section>`
    : undefined
