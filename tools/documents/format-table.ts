import { formatFiles, type ReportFormat } from '../../harness/report/report-formats.ts'
import { code, table } from './tables.ts'

const readers: Record<ReportFormat, string> = {
  sarif: 'code scanning: SARIF 2.1.0, a run for each image, waivers as suppressions',
  markdown: 'comments on pull requests',
  tap: 'TAP 14 consumers; advice is marked `todo`',
  trace: 'boots and pulls in [Perfetto](https://ui.perfetto.dev)',
  openmetrics: 'Prometheus, by a textfile collector or a push gateway',
  bencher: '[Bencher](https://bencher.dev), adapter `json`',
  'benchmark-action': 'github-action-benchmark, tool `customSmallerIsBetter`',
  badge: 'a picture of the verdict with its counts, for the head of another page',
  testresults: 'Yocto’s resulttool and autobuilder; joins the file that is there, or the one in `OEQA_JSON_RESULT_DIR`',
}

/** Each value of `--format`, the file that it adds, and who reads it. */
export const formatTable = (): string =>
  table(
    ['value', 'file', 'for'],
    Object.entries(formatFiles).map(([name, file]) => [name, code(file), readers[name as ReportFormat]]),
  )
