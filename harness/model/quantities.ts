/** A time to read: `412 ms`, `8.1 s`, `4 min 12 s`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 999.5) return `${Math.round(durationMs)} ms`
  if (durationMs < 59_950) return `${(durationMs / 1000).toFixed(1)} s`
  const seconds = Math.round(durationMs / 1000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** A size to read, in powers of 1000 as disks are sold: `58.0 MB`. */
export function formatBytes(sizeBytes: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(sizeBytes, 1)) / 3), byteUnits.length - 1)
  const value = sizeBytes / 1000 ** power
  return `${power === 0 ? value : value.toFixed(1)} ${byteUnits[power]}`
}

/** How a value in a unit is written; a unit that is not here follows its number as it is. */
const writers: Record<string, (value: number) => string> = {
  ms: formatDuration,
  s: (value) => formatDuration(value * 1000),
  ns: (value) => formatDuration(value / 1e6),
  bytes: formatBytes,
  // A million of them take about a millisecond; smaller parts say nothing to a reader.
  instructions: (value) => `${Math.round(value / 1e6)} million instructions`,
}

/** A value in the words of its unit: `8.1 s`, `58.0 MB`, `1200 million instructions`. */
export const formatValue = (value: number, unit: string): string =>
  writers[unit]?.(value) ?? `${Number(value.toPrecision(4))} ${unit}`

/** The middle sample, or the mean of the middle two; undefined without samples. */
export function median(samples: readonly number[]): number | undefined {
  const sorted = samples.toSorted((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.ceil(sorted.length / 2) - 1]
  return upper === undefined || lower === undefined ? undefined : (upper + lower) / 2
}

/** `1 image`, `2 images`. */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`
