import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Requirement } from '../../model/requirement.ts'
import type { Report } from '../schema.ts'
import { verdictWords } from '../words.ts'
import { bootsSection } from './boots-section.ts'
import { configurationSection, packagesSection } from './configuration-section.ts'
import { historySection } from './history-section.ts'
import { html, Markup } from './markup.ts'
import { problemsSection } from './problems-section.ts'
import { pullsSection } from './pulls-section.ts'
import { requirementsSection } from './requirements-section.ts'
import { timesSection } from './times-section.ts'
import { verdictSection } from './verdict-section.ts'

type Section = (report: Report, known: ReadonlyMap<string, Requirement>) => Markup | undefined

/** The parts of the page below its head, in order, with what the navigation calls them. */
const sections: readonly { id: string; title: string; section: Section }[] = [
  { id: 'problems', title: 'Problems', section: problemsSection },
  { id: 'requirements', title: 'Requirements', section: requirementsSection },
  { id: 'boots', title: 'Boots', section: bootsSection },
  { id: 'pulls', title: 'Pulls', section: pullsSection },
  { id: 'times', title: 'Times', section: timesSection },
  { id: 'history', title: 'History', section: historySection },
  { id: 'configuration', title: 'Configuration', section: configurationSection },
  { id: 'packages', title: 'Packages', section: packagesSection },
]

/** The report as one page that needs no other file and no network. `known` tells why each requirement is there. */
export function htmlPage(report: Report, known: ReadonlyMap<string, Requirement>): string {
  const shown = sections.flatMap(({ id, title, section }) => {
    const body = section(report, known)
    return body ? [{ id, title, body }] : []
  })
  const style = pageStyle()
  const script = readFileSync(join(import.meta.dirname, 'page-script.js'), 'utf8')
  const { sign, word } = verdictWords[report.verdict]
  const title = `${sign} ${word}: ${report.images.map(({ file }) => basename(file)).join(', ')}`
  return html`${pageHead(title, style, script)}
<body>
<a class="jump" href="#main">To the results</a>
${verdictSection(report)}
<nav aria-label="Parts of the report">${shown.map(({ id, title }) => html`<a href="#${id}">${title}</a>`)}</nav>
<main id="main">${shown.map(({ body }) => body)}</main>
<script>${new Markup(script)}</script>
</body>
</html>
`.text
}

export const pageStyle = (): string => readFileSync(join(import.meta.dirname, 'page.css'), 'utf8')

/** The start of a page, up to its body, with all of its style. */
export const pageHead = (title: string, style: string, script?: string): Markup => html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(style, script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${new Markup(style)}</style>
</head>`

/** Only this page's own style and script may act (Content Security Policy Level 3); nothing is loaded from anywhere. */
const contentPolicy = (style: string, script?: string): string =>
  `default-src 'none'; style-src '${hashOf(style)}'; script-src ${script === undefined ? "'none'" : `'${hashOf(script)}'`}; base-uri 'none'; form-action 'none'`

const hashOf = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`
