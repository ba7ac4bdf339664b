import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import DraftSchemas from 'ajv-draft-04'
import { Parser } from 'tap-parser'
import { describe, expect, test } from 'vitest'
import { allRequirements } from '../../../suites/all-requirements.ts'
import { failFastReason } from '../not-run.ts'
import { fullReport, hostileText } from '../sample-full-report.ts'
import { sampleImage, sampleReport, sampleResult } from '../sample-report.ts'
import type { Report } from '../schema.ts'
import { gitHubAnnotations } from './annotations.ts'
import { bencherJson } from './bencher.ts'
import { benchmarkActionJson } from './benchmark-action.ts'
import { bootTraceJson } from './boot-trace.ts'
import { junitXml } from './junit.ts'
import { markdownText } from './markdown.ts'
import { openMetricsText } from './open-metrics.ts'
import { always, faulty, hostile } from './sample-any-report.ts'
import { sarifJson } from './sarif.ts'
import { tapText } from './tap.ts'

/** An image with a failure that blocks two others, and a requirement that does not apply to it. */
const blocking = sampleReport({
  verdict: 'does-not-conform',
  images: [
    sampleImage({
      requirements: [
        sampleResult({ status: 'fail', findings: [{ message: 'It panicked.' }] }),
        ...['BOOT-002', 'BOOT-003'].map((id) =>
          sampleResult({
            id,
            status: 'blocked',
            blockedBy: 'BIN-001',
            findings: [{ message: 'Blocked by BIN-001: It panicked.' }],
          }),
        ),
        sampleResult({
          id: 'CRT-001',
          status: 'not-applicable',
          findings: [{ message: 'Neither era nor init has it.' }],
        }),
      ],
    }),
  ],
})

describe('SARIF', () => {
  const schemaPath = createRequire(import.meta.url)
    .resolve('@microsoft/jest-sarif')
    .replace(/index\.js$/, 'schemas/sarif-2.1.0-rtm.5.json')
  const Schemas = DraftSchemas.default ?? DraftSchemas
  const valid = new Schemas({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(
    JSON.parse(readFileSync(schemaPath, 'utf8')),
  )

  test('is valid by its published schema, whatever the report', () => {
    always((report) => {
      valid(JSON.parse(sarifJson(report, allRequirements)))
      expect(valid.errors ?? []).toEqual([])
    })
  })

  test('the schema would notice', () => expect(valid({ version: '2.1.0', runs: [{}] })).toBe(false))

  test('names file, rule and remedy; what was waived is suppressed, what passed is no result', () => {
    const requirements = [
      sampleResult({ status: 'fail', findings: [{ path: '/usr/bin/a b', message: 'is missing', remedy: 'Add it.' }] }),
      sampleResult({ id: 'FS-001', status: 'waived', severity: 'warning', findings: [{ message: 'known' }] }),
      sampleResult({ id: 'FS-002' }),
    ]
    const report = sampleReport({ images: [sampleImage({ requirements })] })
    const [run] = JSON.parse(sarifJson(report, allRequirements)).runs
    expect(run.results).toMatchObject([
      {
        ruleId: 'BIN-001',
        ruleIndex: 0,
        level: 'error',
        message: { text: 'is missing\nAdd it.' },
        locations: [{ physicalLocation: { artifactLocation: { uri: 'usr/bin/a%20b' } } }],
      },
      { ruleId: 'FS-001', level: 'warning', suppressions: [{ kind: 'external' }] },
    ])
    expect(run.tool.driver.rules[0].fullDescription.text).toBe(allRequirements.get('BIN-001')?.why)
  })

  test('what is blocked is a property of its cause, and what does not apply is nothing', () => {
    const [{ results, tool }] = JSON.parse(sarifJson(blocking, allRequirements)).runs
    expect(results).toMatchObject([{ ruleId: 'BIN-001', properties: { blocks: ['BOOT-002', 'BOOT-003'] } }])
    expect(tool.driver.rules).toHaveLength(4)
  })

  test('a run that says nothing about the image was not successful', () => {
    const [run] = JSON.parse(sarifJson(faulty, allRequirements)).runs
    expect(run.invocations[0].executionSuccessful).toBe(false)
    expect(run.invocations[0].toolExecutionNotifications[0].message.text).toBe('QEMU ended:\nno memory')
  })
})

describe('TAP', () => {
  const parse = (report: Report) => {
    const parser = new Parser({ strict: true })
    let end: { ok?: boolean; count?: number; failures?: { tapError?: unknown }[]; bailout?: unknown } = {}
    parser.on('complete', (results) => {
      end = results
    })
    parser.end(tapText(report))
    return end
  }

  test('is what its parser reads, whatever the report', () => {
    always((report) => {
      const { failures = [] } = parse(report)
      expect(failures.filter(({ tapError }) => tapError)).toEqual([])
    })
  })

  test('fails by what decides, not by advice, skips and waivers; a fault bails out', () => {
    const advice = sampleResult({ status: 'fail', severity: 'warning' })
    const notes = [
      advice,
      sampleResult({ status: 'skip', findings: [{ message: 'no # guest' }] }),
      sampleResult({ status: 'waived' }),
    ]
    expect(parse(sampleReport({ images: [sampleImage({ requirements: notes })] }))).toMatchObject({
      ok: true,
      count: 3,
    })
    const failed = [sampleResult(), sampleResult({ status: 'fail' })]
    expect(parse(sampleReport({ images: [sampleImage({ requirements: failed })] }))).toMatchObject({
      ok: false,
      count: 2,
    })
    expect(parse(faulty).bailout).toBe('QEMU ended:\\nno memory')
  })
})

test('TAP tells what is blocked, and by what, and what does not apply as skips', () => {
  expect(tapText(blocking).split('\n')).toEqual(
    expect.arrayContaining([
      'not ok 1 - x86_64 BIN-001 Required programs are present',
      'ok 2 - x86_64 BOOT-002 Required programs are present # SKIP blocked by BIN-001',
      'ok 4 - x86_64 CRT-001 Required programs are present # SKIP not applicable: Neither era nor init has it.',
    ]),
  )
})

describe('Markdown', () => {
  test('says the verdict, what is wrong with the remedy, and the times', () => {
    const text = markdownText(hostile)
    expect(text).toMatch(/^## ❌ Does not conform\n/)
    expect(text).toContain(
      '- ❌ **BIN-001** Required programs are present (x86\\_64)\n  - ` /usr/bin/crun `: is missing<br>→ Add crun to IMAGE\\_INSTALL.',
    )
    expect(text).toContain('| boot\\_ready\\_ms | 16.3 s | 16.3 s |')
  })

  test('counts what occurs, and tells what is blocked once, with its cause', () => {
    const text = markdownText(blocking)
    expect(text).toContain('| image | file | size | failed | blocked | not applicable |\n')
    expect(text).toMatch(/\| 1 \| 2 \| 1 \|\n/)
    expect(text).toContain('  - It panicked.\n  - blocks 2 requirements\\: BOOT\\-002, BOOT\\-003\n')
    expect(text.match(/BOOT\\-002/g)).toHaveLength(1)
  })

  test('no text of an image becomes markup or another row', () => {
    always((report) => {
      const withoutCode = markdownText(report)
        .replaceAll(/(`+) .*? \1/g, '')
        .replaceAll(/\\./g, '')
      expect(withoutCode.replaceAll(/<br>|<!-- -->|<\/?details>|<\/?summary>/g, '')).not.toMatch(/[<`[\]]/)
    })
    expect(markdownText(hostile).split('\n').length).toBeLessThan(60)
  })
})

test('Markdown, TAP and JUnit tell that a failure ended the run, and no requirement that was not run as passed', () => {
  const message = failFastReason('BIN-001', 'vpdmn')
  const notRun = sampleResult({ id: 'BOOT-001', suite: 'boot', status: 'skip', findings: [{ message }] })
  const images = [sampleImage({ requirements: [sampleResult({ status: 'fail' }), notRun] })]
  const report = sampleReport({ verdict: 'does-not-conform', images })
  const markdown = markdownText(report).replaceAll('\\', '')
  expect(markdown).toContain('1 requirement not run: --fail-fast ended the run at BIN-001 (vpdmn).')
  expect(tapText(report)).toContain(`BOOT-001 Required programs are present # SKIP ${message}`)
  expect(junitXml(report)).toMatch(/<skipped\/>\s*<system-out>\s*<!\[CDATA\[skipped: Not run: --fail-fast ended/)
})

/** What GitHub and GitLab make links of without any markup (GFM, "Autolinks"). */
const addresses = [
  'www.example.org',
  'WWW.example.org',
  'https://example.org',
  'mailto:a@example.org',
  'a.b@example.org',
]

test.each(addresses)('%s in an image’s text is no link in Markdown', (address) => {
  const finding = { message: `See ${address} now.` }
  const requirements = [sampleResult({ status: 'fail', findings: [finding] })]
  const text = markdownText(sampleReport({ images: [sampleImage({ requirements })] }))
  expect(text).not.toMatch(/www\.|\w:\/\/|\w@\w|mailto:/i)
  expect(text.replaceAll('<!-- -->', '').replaceAll('\\:', ':')).toContain(address)
})

test('a link in an image’s text is none in SARIF', () => {
  const finding = { message: 'See [the fix](https://example.org) and [network].' }
  const requirements = [sampleResult({ status: 'fail', findings: [finding] })]
  const log = sarifJson(sampleReport({ images: [sampleImage({ requirements })] }), allRequirements)
  expect(JSON.parse(log).runs[0].results[0].message.text).toBe('See [the fix\\](https://example.org) and [network].')
})

describe('annotations', () => {
  test('are one command a line, each with level, title and text', () => {
    always((report) => {
      for (const line of gitHubAnnotations(report).split('\n').slice(0, -1))
        expect(line).toMatch(/^::(error|warning|notice) title=[^:,\r\n]*::[^\r\n]*$/)
    })
    expect(gitHubAnnotations(hostile).split('\n')[0]).toBe(
      '::error title=BIN-001 x86_64%3A Required programs are present::/usr/bin/crun: is missing%0AAdd crun to IMAGE_INSTALL.%0A' +
        gitHubAnnotations(hostile).split('\n')[0]?.split('INSTALL.%0A')[1],
    )
  })

  test('tell what is blocked with its cause alone', () => {
    expect(gitHubAnnotations(blocking)).toBe(
      '::error title=BIN-001 x86_64%3A Required programs are present::It panicked.%0Ablocks 2 requirements: BOOT-002, BOOT-003\n',
    )
  })

  test('are no more of a level than GitHub shows', () => {
    const requirements = Array.from({ length: 40 }, () => sampleResult({ status: 'fail' }))
    const text = gitHubAnnotations(sampleReport({ images: [sampleImage({ requirements })] }))
    expect(text.match(/::error/g)).toHaveLength(10)
  })
})

describe('OpenMetrics', () => {
  /** Lines of an exposition without timestamps and exemplars (OpenMetrics 1.0, "ABNF"). */
  const metadata = /^# (TYPE \w+ gauge|UNIT \w+ \w+|HELP \w+ .*)$/
  const sample = /^[a-zA-Z_:][\w:]*(\{(\w+="([^"\\\n]|\\["\\n])*",?)*\})? -?\d[\d.e+-]*$/

  test('keeps to the grammar, whatever the report; each family is whole and has its unit in its name', () => {
    always((report) => {
      const lines = openMetricsText(report).split('\n')
      expect(lines.splice(-2)).toEqual(['# EOF', ''])
      expect(lines.filter((line) => !metadata.test(line) && !sample.test(line))).toEqual([])
      for (const [, name, unit] of openMetricsText(report).matchAll(/^# UNIT (\w+) (\w+)$/gm))
        expect(name?.endsWith(`_${unit}`)).toBe(true)
      const families = [...openMetricsText(report).matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name)
      expect(new Set(families).size).toBe(families.length)
    })
  })

  test('counts every status', () => {
    const text = openMetricsText(blocking)
    expect(text).toMatch(/^vpdmn_requirements\{.*status="blocked"\} 2$/m)
    expect(text).toMatch(/^vpdmn_requirements\{.*status="not-applicable"\} 1$/m)
    expect(text).toMatch(/^vpdmn_requirements\{.*status="fail"\} 1$/m)
  })

  test('counts in base units', () => {
    const text = openMetricsText(fullReport())
    expect(text).toContain('# UNIT vpdmn_boot_ready_seconds seconds\n')
    expect(text).toMatch(/^vpdmn_boot_ready_seconds\{arch="x86_64",.*statistic="median"\} 16\.25$/m)
    expect(text).toMatch(/^vpdmn_image_size_bytes\{.*statistic="least"\} 58000000$/m)
    expect(text).toMatch(/^vpdmn_conforms 1$/m)
  })
})

test('Bencher gets medians with bounds, latencies in nanoseconds', () => {
  expect(JSON.parse(bencherJson(fullReport()))).toMatchObject({
    'x86_64 image_size_bytes': { 'file-size': { value: 58e6, lower_value: 58e6, upper_value: 58e6 } },
    'x86_64 boot_ready_ms': { latency: { value: 16.25e9, lower_value: 15.2e9, upper_value: 17.9e9 } },
  })
})

test('github-action-benchmark gets medians with their spread', () => {
  expect(JSON.parse(benchmarkActionJson(fullReport()))).toEqual([
    { name: 'x86_64 image_size_bytes', unit: 'bytes', value: 58e6, extra: '1 samples' },
    { name: 'x86_64 boot_ready_ms', unit: 'ms', value: 16_250, range: '± 1350', extra: '4 samples' },
    { name: 'x86_64 run_first_ms', unit: 'ms', value: 3200, extra: '1 samples' },
  ])
})

test('names of an image reach traces and metrics as they are', () => {
  expect(bootTraceJson(hostile)).toContain(JSON.stringify(hostileText).slice(1, -1))
})
