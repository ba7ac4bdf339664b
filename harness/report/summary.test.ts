import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import stringWidth from 'string-width'
import { describe, expect, test } from 'vitest'
import type { Severity } from '../model/requirement.ts'
import type { RequirementResult } from '../model/result.ts'
import type { Status } from '../model/status.ts'
import type { TerminalStyle } from '../platform/terminal/terminal-style.ts'
import { failFastReason } from './not-run.ts'
import { sampleImage, sampleReport, sampleResult } from './sample-report.ts'
import type { Report } from './schema.ts'
import { summaryText } from './summary.ts'

const screen: TerminalStyle = { columns: 80, rows: 24, colour: false, live: true }
const show = (report: Partial<Report>, look: TerminalStyle = screen) =>
  summaryText(sampleReport(report), '/out', look).split('\n').slice(0, -1)

const crun = sampleResult({
  status: 'fail',
  findings: [{ path: '/usr/bin/crun', message: 'is missing', remedy: 'Add crun to IMAGE_INSTALL.' }],
})
const metrics = [
  'boot_kernel_ms',
  'boot_initramfs_ms',
  'boot_rootfs_ms',
  'boot_init_ms',
  'pull_tiny_ms',
  'run_first_ms',
].map((name) => ({ name, unit: 'ms', tier: 2 as const, samples: [3210] }))

describe('the summary', () => {
  test('says that there are bills of materials', () => {
    const images = [sampleImage({ billOfMaterials: 'vpdmn.spdx.json' })]
    expect(show({ images }).at(-1)).toBe('Report: /out/report.html, report.json, junit.xml, *.spdx.json')
  })

  test('shows the whole path of the report on a narrow terminal, and the facts of an image below its long name', () => {
    const folder = `/${'long-folder/'.repeat(10)}out`
    const images = [sampleImage({ file: `/images/${'f'.repeat(50)}/rootfs.squashfs` })]
    const lines = summaryText(sampleReport({ images }), folder, screen).split('\n')
    expect(lines.slice(-3)).toEqual([`Report: ${folder}/report.html`, '        with report.json, junit.xml', ''])
    expect(lines).toEqual(
      expect.arrayContaining([`x86_64  ${'f'.repeat(50)}/rootfs.squashfs`, '  58.0 MB, profile vpdmn']),
    )
  })

  test('says on what the verdict rests where suites judge no image of the engine', () => {
    const lines = show({ images: [sampleImage({ engine: 'docker', notJudgedBy: ['boot', 'podman'] })] })
    expect(lines.slice(4, 6)).toEqual([
      '  Judged by the suite static alone: the suites boot and podman are not available',
      '  for images of docker.',
    ])
  })

  test('says once why the guest suites were skipped', () => {
    const findings = [{ message: 'Not booted because of POL-001.' }]
    const skipped = (['boot', 'podman'] as const).map((suite) => sampleResult({ suite, status: 'skip', findings }))
    const lines = show({ images: [sampleImage({ requirements: [sampleResult(), ...skipped] })] })
    expect(lines.slice(3, 5)).toEqual([
      '  static: 1 passed · boot: 1 skipped · podman: 1 skipped',
      '  Not booted because of POL-001.',
    ])
    expect(lines.filter((line) => line.includes('Not booted'))).toHaveLength(1)
  })

  test('says once how much was not run, and why', () => {
    const findings = [{ message: failFastReason('BOOT-001', 'vpdmn.squashfs') }]
    const notRun = ['BOOT-002', 'BOOT-003'].map((id) => sampleResult({ id, suite: 'boot', status: 'skip', findings }))
    const failed = sampleResult({ id: 'BOOT-001', suite: 'boot', status: 'fail', findings: [{ message: 'No.' }] })
    const arm = sampleImage({ arch: 'aarch64', requirements: notRun })
    const lines = show({ images: [sampleImage({ requirements: [failed, ...notRun] }), arm] })
    expect(lines.slice(5, -2)).toEqual([
      'x86_64  images/vpdmn.squashfs  58.0 MB, profile vpdmn',
      '  boot: 1 failed, 2 skipped',
      'aarch64  images/vpdmn.squashfs  58.0 MB, profile vpdmn',
      '  boot: 2 skipped',
      '4 requirements not run: --fail-fast ended the run at BOOT-001 (vpdmn.squashfs).',
    ])
  })

  test('shouts at its end that QEMU was not held as it should be', () => {
    const { host } = sampleReport({})
    const told = (confinementGaps: string[]) =>
      show({ host: { ...host, confinementGaps } }).filter((line) => line.includes('WARNING'))
    expect(told([])).toEqual([])
    expect(told(['NO view of its own'])).toEqual(['WARNING: QEMU was not held as it should be: NO view of its own.'])
  })

  test('of a run that conforms is the verdict, the counts, the times and where the report is', () => {
    const requirements = [sampleResult(), sampleResult({ suite: 'boot', status: 'skip' })]
    expect(show({ images: [sampleImage({ requirements, metrics })] })).toEqual([
      'CONFORMS   1 image, 2 requirements in 1 min 1 s',
      '',
      'x86_64  images/vpdmn.squashfs  58.0 MB, profile vpdmn',
      '  static: 1 passed · boot: 1 skipped',
      '  boot: kernel 3.2 s, initramfs 3.2 s, rootfs 3.2 s, init 3.2 s ·',
      '  pull: tiny 3.2 s · run: first 3.2 s',
      '',
      'Report: /out/report.html, report.json, junit.xml',
    ])
  })

  test('names each failure with its path, what was seen, and the remedy', () => {
    const lines = show({ verdict: 'does-not-conform', images: [sampleImage({ requirements: [crun] })] })
    expect(lines[0]).toMatch(/^DOES NOT CONFORM/)
    expect(lines.slice(2, 5)).toEqual([
      'FAIL BIN-001 x86_64: Required programs are present',
      '  /usr/bin/crun: is missing',
      '  → Add crun to IMAGE_INSTALL.',
    ])
  })

  test('shows what decides the verdict before advice, and broken checks before both', () => {
    const result = (id: string, severity: Severity, status: Status) => sampleResult({ id, severity, status })
    const requirements = [
      result('W-1', 'warning', 'fail'),
      result('E-1', 'error', 'fail'),
      result('B-1', 'blocker', 'fail'),
      result('X-1', 'info', 'error'),
      result('I-1', 'info', 'fail'),
    ]
    const labels = show({ images: [sampleImage({ requirements })] }).flatMap(
      (line) => /^[A-Z]+ ([A-Z]-1)/.exec(line)?.[1] ?? [],
    )
    expect(labels).toEqual(['X-1', 'B-1', 'E-1', 'W-1'])
  })

  describe('of an image with one cause and much that it blocks', () => {
    const findings = [{ message: 'It panicked.', remedy: 'Mend init.' }]
    const cause = sampleResult({ id: 'BOOT-001', suite: 'boot', severity: 'error', status: 'fail', findings })
    const blocked = Array.from({ length: 17 }, (_, index) =>
      sampleResult({
        id: `BOOT-${String(index + 10).padStart(3, '0')}`,
        suite: 'boot',
        status: 'blocked',
        blockedBy: 'BOOT-001',
        findings: [{ message: 'Blocked by BOOT-001: It panicked.' }],
      }),
    )

    test('names the cause, folds the rest into a line that fits, and counts them apart', () => {
      const images = [sampleImage({ requirements: [...blocked, cause] })]
      expect(show({ verdict: 'does-not-conform', images })).toEqual([
        'DOES NOT CONFORM   1 image, 18 requirements in 1 min 1 s',
        '',
        'FAIL BOOT-001 x86_64: Required programs are present',
        '  It panicked.',
        '  → Mend init.',
        '  blocks 17 requirements: BOOT-010, BOOT-011, BOOT-012, BOOT-013, BOOT-014, …',
        '',
        'x86_64  images/vpdmn.squashfs  58.0 MB, profile vpdmn',
        '  boot: 1 failed, 17 blocked',
        '',
        'Report: /out/report.html, report.json, junit.xml',
      ])
    })

    test('tells what a waived cause blocks', () => {
      const requirements = [{ ...cause, status: 'waived' as const }, ...blocked.slice(0, 1)]
      expect(show({ images: [sampleImage({ requirements })] }).slice(3, 5)).toEqual([
        '  boot: 1 blocked, 1 waived',
        '  BOOT-001, waived, blocks 1 requirement: BOOT-010',
      ])
    })
  })

  test('counts what does not apply apart, and still says why the rest was skipped', () => {
    const lacking = sampleResult({
      suite: 'boot',
      status: 'not-applicable',
      findings: [{ message: 'The era seed has no such share.' }],
    })
    const skipped = sampleResult({ suite: 'boot', status: 'skip', findings: [{ message: 'Not booted.' }] })
    const suiteLines = (...requirements: RequirementResult[]) =>
      show({ images: [sampleImage({ requirements })] }).slice(3, -2)
    expect(suiteLines(sampleResult({ suite: 'boot' }), lacking)).toEqual(['  boot: 1 passed, 1 not applicable'])
    expect(suiteLines(lacking, skipped)).toEqual(['  boot: 1 skipped, 1 not applicable', '  Not booted.'])
    expect(suiteLines(lacking)).toEqual(['  boot: 1 not applicable', '  The era seed has no such share.'])
  })

  test('shows faults of the harness', () => {
    expect(show({ verdict: 'error', faults: ['QEMU ended early.'] }).join('\n')).toContain('FAULT\n  QEMU ended early.')
  })

  test('keeps control characters of the image away from the terminal', () => {
    const hostile = sampleResult({ status: 'fail', findings: [{ message: '\u001b[2J\rCONFORMS', path: '/a\nb' }] })
    const text = show({ images: [sampleImage({ file: '/i/\u001b[31m', requirements: [hostile] })] }).join('\n')
    expect(text).not.toMatch(/(?!\n)\p{Cc}/u)
  })

  test('of two images with many failures still fits 80 columns and 24 lines, and says what it left out', () => {
    const requirements = Array.from({ length: 40 }, (_, index) => sampleResult({ ...crun, id: `BIN-${index}` }))
    const images = [sampleImage({ requirements, metrics }), sampleImage({ arch: 'aarch64', requirements, metrics })]
    const lines = show({ verdict: 'does-not-conform', images })
    expect(lines.length).toBeLessThan(24)
    expect(lines.join('\n')).toMatch(/… and \d+ more in the report/)
  })

  test('no line is wider than the terminal, with colours or without', () => {
    const texts = fc.string({ unit: 'grapheme', maxLength: 300 })
    fc.assert(
      fc.property(texts, texts, fc.integer({ min: 40, max: 200 }), fc.boolean(), (message, path, columns, colour) => {
        const result = sampleResult({ status: 'fail', title: message, findings: [{ message, path, remedy: path }] })
        const image = sampleImage({ file: path, requirements: [result] })
        for (const line of show({ images: [image] }, { ...screen, columns, colour }))
          expect(stringWidth(stripVTControlCharacters(line))).toBeLessThanOrEqual(columns)
      }),
    )
  })
})
