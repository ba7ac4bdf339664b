/** Reports that `--format` adds, and the file of each. */
export const formatFiles = {
  sarif: 'report.sarif',
  markdown: 'report.md',
  tap: 'report.tap',
  trace: 'boot-trace.json',
  openmetrics: 'metrics.txt',
  bencher: 'bencher.json',
  'benchmark-action': 'benchmark-action.json',
  badge: 'badge.svg',
  testresults: 'testresults.json',
} as const

/** Joins what the folder has, and may go to a folder of Yocto's. */
export const mergedFormat = 'testresults'

export type ReportFormat = keyof typeof formatFiles
export const reportFormats = Object.keys(formatFiles) as ReportFormat[]
