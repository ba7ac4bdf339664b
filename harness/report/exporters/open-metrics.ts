import { basename } from 'node:path'
import { median } from '../../model/quantities.ts'
import type { Metric } from '../../model/result.ts'
import { statusNames } from '../../model/status.ts'
import type { ImageReport, Report } from '../schema.ts'

type Labels = Record<string, string>

interface Family {
  name: string
  unit: string
  help: string
  samples: { labels: Labels; value: number }[]
}

/** Base units that OpenMetrics wants (OpenMetrics 1.0, "Units and Base Units"), and what one of ours is of them. */
const baseUnits: Record<string, { unit: string; factor: number }> = {
  ms: { unit: 'seconds', factor: 0.001 },
  s: { unit: 'seconds', factor: 1 },
  bytes: { unit: 'bytes', factor: 1 },
}

/** The report as OpenMetrics 1.0 text, for a textfile collector or a push gateway. */
export function openMetricsText(report: Report): string {
  const families = [conforms(report), requirementCounts(report), ...metricFamilies(report)]
  return `${families.map(familyText).join('')}# EOF\n`
}

const labelsOf = ({ arch, file, sha256 }: ImageReport): Labels => ({
  arch,
  image: basename(file),
  sha256: sha256.slice(0, 12),
})

const conforms = ({ verdict }: Report): Family => ({
  name: 'vpdmn_conforms',
  unit: '',
  help: 'Whether the images of the run conform: 1 yes, 0 no, -1 unknown.',
  samples: [{ labels: {}, value: { conforms: 1, 'does-not-conform': 0, error: -1 }[verdict] }],
})

const requirementCounts = ({ images }: Report): Family => ({
  name: 'vpdmn_requirements',
  unit: '',
  help: 'Requirements by how they came out.',
  samples: images.flatMap((image) =>
    statusNames.map((status) => ({
      labels: { ...labelsOf(image), status },
      value: image.requirements.filter((result) => result.status === status).length,
    })),
  ),
})

function metricFamilies({ images }: Report): Family[] {
  const measured = images.flatMap((image) => image.metrics.map((metric) => ({ image, metric })))
  return [...Map.groupBy(measured, ({ metric }) => metric.name)].map(([, group]) => {
    const { name, unit } = (group[0] as (typeof measured)[number]).metric
    const base = baseUnits[unit] ?? { unit: '', factor: 1 }
    const stem = name.replace(new RegExp(`_${unit}$`), '').replaceAll(/\W/g, '_')
    return {
      name: `vpdmn_${base.unit ? `${stem}_${base.unit}` : name.replaceAll(/\W/g, '_')}`,
      unit: base.unit,
      help: `Median, least and most of the samples of ${name}.`,
      samples: group.flatMap(({ image, metric }) => statistics(metric, labelsOf(image), base.factor)),
    }
  })
}

function statistics({ samples, tier }: Metric, labels: Labels, factor: number): Family['samples'] {
  const middle = median(samples)
  if (middle === undefined) return []
  const values = { median: middle, least: Math.min(...samples), most: Math.max(...samples) }
  return Object.entries(values).map(([statistic, value]) => ({
    labels: { ...labels, tier: String(tier), statistic },
    value: value * factor,
  }))
}

function familyText({ name, unit, help, samples }: Family): string {
  const head = [`# TYPE ${name} gauge`, ...(unit ? [`# UNIT ${name} ${unit}`] : []), `# HELP ${name} ${escaped(help)}`]
  const lines = samples.map(({ labels, value }) => `${name}${labelText(labels)} ${Number(value.toPrecision(12))}`)
  return `${[...head, ...lines].join('\n')}\n`
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

/** The three escapes of OpenMetrics ("ABNF", escaped-string); it is UTF-8 otherwise. */
const escaped = (text: string): string =>
  text.toWellFormed().replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
