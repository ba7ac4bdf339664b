import type { Boot, Phase } from '../../model/boot.ts'
import { count, formatDuration } from '../../model/quantities.ts'
import { labelled } from '../image-labels.ts'
import type { Report } from '../schema.ts'
import { consoleView, troubleWords } from './console-view.ts'
import { html, type Markup } from './markup.ts'
import { drawn } from './scale.ts'

/** Boots as bars of their phases, on one scale, each with its console. Nothing where nothing was booted. */
export function bootsSection({ images }: Report): Markup | undefined {
  const boots = labelled(images, (image) => image.boots)
  if (boots.length === 0) return undefined
  const longestMs = Math.max(1, ...boots.map(({ item }) => lengthOf(item)))
  return html`<section id="boots"><h2>Boots</h2>
<p class="hint">A boot that reached its command, and those of tests that failed. The phases follow one another from QEMU’s start.</p>
${boots.map(({ item, label }) => bootView(item, label, longestMs))}</section>`
}

const lengthOf = ({ phases, durationMs }: Boot): number =>
  Math.max(
    durationMs,
    phases.reduce((sum, phase) => sum + phase.durationMs, 0),
  )

function bootView(boot: Boot, label: string, longestMs: number): Markup {
  const { requirement, endedBy, durationMs, phases, console, leftOutLines } = boot
  return html`<article class="boot"><h3>${label} <a href="#${requirement}">${requirement}</a> <span class="where">${formatDuration(durationMs)}, ended by ${endedBy}</span></h3>
${timeline(phases, durationMs, longestMs)}
<details><summary>Console, ${count(console.length + leftOutLines, 'line')}${troubleWords(console.map(({ text }) => text))}</summary>${consoleView(console, leftOutLines)}</details></article>`
}

function timeline(phases: readonly Phase[], durationMs: number, longestMs: number): Markup {
  let startMs = 0
  const rects = phases.map((phase) => {
    const x = drawn((startMs / longestMs) * 1000)
    startMs += phase.durationMs
    return html`<rect class="phase-${colourOf(phase)}" x="${x}" y="0" width="${drawn((phase.durationMs / longestMs) * 1000)}" height="24"><title>${phase.name} ${formatDuration(phase.durationMs)}</title></rect>`
  })
  const rest = drawn((Math.max(0, durationMs - startMs) / longestMs) * 1000)
  return html`<svg class="timeline" viewBox="0 0 1000 24" preserveAspectRatio="none" role="img" aria-label="Phases of the boot">${rects}<rect class="phase-rest" x="${drawn((startMs / longestMs) * 1000)}" y="0" width="${rest}" height="24"><title>the command and the end of the machine</title></rect></svg>
<ul class="legend">${phases.map(
    (phase) =>
      html`<li><svg class="key" viewBox="0 0 10 10" aria-hidden="true"><rect class="phase-${colourOf(phase)}" width="10" height="10"/></svg>${phase.name} <b>${formatDuration(phase.durationMs)}</b></li>`,
  )}</ul>`
}

/** Phases in the order of the page's colours, so that each has the same one everywhere. */
const colours = ['firmware', 'kernel', 'initramfs', 'rootfs', 'switch', 'init']

const colourOf = ({ name }: Phase): number => Math.max(0, colours.indexOf(name))
