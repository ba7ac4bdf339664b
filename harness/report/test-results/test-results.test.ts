import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Value } from '@sinclair/typebox/value'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { statusNames } from '../../model/status.ts'
import { always, faulty } from '../exporters/sample-any-report.ts'
import { sampleImage, sampleReport, sampleResult } from '../sample-report.ts'
import { writeReports } from '../write-reports.ts'
import { buildOf, buildOfNoImage } from './build-environment.ts'
import { mergeTestResults, sortedJson } from './merge-test-results.ts'
import { testResults } from './test-results.ts'
import { testResultsSchema } from './test-results-schema.ts'

const folder = mkdtempSync(join(tmpdir(), 'test-results-'))
afterAll(() => rmSync(folder, { recursive: true }))
let folders = 0
const newFolder = () => join(folder, String(folders++))

const resultsOf = (report: Parameters<typeof testResults>[0]) =>
  testResults(report, report.images.map(buildOf), buildOfNoImage())
const read = (path: string) => JSON.parse(readFileSync(join(path, 'testresults.json'), 'utf8'))

/** As resulttool counts (oe-core, scripts/lib/resulttool/report.py). */
const counted = { passed: ['PASSED', 'XFAIL'], failed: ['FAILED', 'ERROR'], skipped: ['SKIPPED'] }

describe('test results', () => {
  test('are as testimage writes them, whatever the report', () => {
    always((report) => {
      const results = resultsOf(report)
      expect([...Value.Errors(testResultsSchema, results)]).toEqual([])
      expect(Object.keys(results)).toHaveLength(Math.max(1, report.images.length))
      // Control characters would break the XML that resulttool makes of them.
      expect(sortedJson(results)).not.toMatch(/\\u00[01]/)
    })
  })

  test('the schema would notice', () => {
    const results = resultsOf(sampleReport())
    const [run] = Object.values(results)
    const { duration, ...withoutDuration } = run?.result['vpdmn_conformance.static.BIN-001'] ?? {}
    expect(duration).toBe(0.003)
    expect(Value.Check(testResultsSchema, { runtime_a: { ...run, result: { a: withoutDuration } } })).toBe(false)
    const ptest = { 'ptestresult.a': { status: 'PASSED', duration: 1 } }
    expect(Value.Check(testResultsSchema, { runtime_a: { ...run, result: ptest } })).toBe(false)
    expect(
      Value.Check(testResultsSchema, { runtime_a: { ...run, result: { a: { status: 'EXPECTEDFAIL', duration: 1 } } } }),
    ).toBe(false)
  })

  test('count as failed what decides the verdict and what broke, and nothing else', () => {
    const severities = ['blocker', 'error', 'warning', 'info'] as const
    fc.assert(
      fc.property(fc.constantFrom(...statusNames), fc.constantFrom(...severities), (status, severity) => {
        const report = sampleReport({ images: [sampleImage({ requirements: [sampleResult({ status, severity })] })] })
        const [run] = Object.values(resultsOf(report))
        const [result] = Object.values(run?.result ?? {})
        const decides = status === 'fail' && (severity === 'blocker' || severity === 'error')
        expect(counted.failed.includes(result?.status ?? '')).toBe(decides || status === 'error')
        const isCounted = Object.values(counted).some((words) => words.includes(result?.status ?? ''))
        expect(isCounted).toBe(true)
      }),
    )
  })

  test('tell a waiver as an expected failure, and what is blocked or not applicable as skipped', () => {
    const statuses = (['waived', 'blocked', 'not-applicable', 'skip'] as const).map((status, index) =>
      sampleResult({ id: `A-${index}`, status, findings: [{ message: 'why' }] }),
    )
    const [run] = Object.values(resultsOf(sampleReport({ images: [sampleImage({ requirements: statuses })] })))
    expect(Object.values(run?.result ?? {}).map(({ status }) => status)).toEqual([
      'XFAIL',
      'SKIPPED',
      'SKIPPED',
      'SKIPPED',
    ])
    expect(run?.result['vpdmn_conformance.static.A-0']?.log).toBe('Required programs are present\nwhy')
  })

  test('of a run whose environment failed hold its faults as errors', () => {
    const [[id, run] = []] = Object.entries(resultsOf(faulty))
    expect(id).toMatch(/^runtime_vpdmn-conformance_unknown_\d{14}$/)
    expect(run?.result).toEqual({
      'vpdmn_conformance.harness.fault_1': { status: 'ERROR', duration: 0, log: 'QEMU ended:\nno memory' },
    })
  })
})

test('what Yocto left beside an image names machine, distribution and image', () => {
  const link = join(folder, 'my-image-qemux86-64.rootfs.squashfs')
  const variables = { MACHINE: 'qemux86-64', DISTRO: 'poky', IMAGE_BASENAME: 'my-image', IMAGE_PKGTYPE: 'ipk' }
  writeFileSync(link.replace('.squashfs', '.testdata.json'), JSON.stringify({ ...variables, A: 1 }))
  symlinkSync('elsewhere', link)
  expect(buildOf({ file: link, arch: 'x86_64' })).toMatchObject(variables)
})

test('without it the image’s name and architecture do', () => {
  const known = (file: string) => {
    const { MACHINE, IMAGE_BASENAME, DISTRO } = buildOf({ file, arch: 'aarch64' })
    return [IMAGE_BASENAME, MACHINE, DISTRO]
  }
  expect(known('/a/b.squashfs')).toEqual(['b', 'aarch64', 'unknown'])
  expect(known('/a/vpdmn-rootfs-image-qemuarm64.rootfs-20261127120000.squashfs')[0]).toBe(
    'vpdmn-rootfs-image-qemuarm64',
  )
})

describe('merged into a folder', () => {
  const report = (startedAt: string) => sampleReport({ startedAt })

  test('they join what is there, sorted as Python sorts, and leave no lock', async () => {
    const out = newFolder()
    await mergeTestResults(report('2026-11-27T12:00:00.000Z'), out)
    writeFileSync(join(out, 'testresults.json'), JSON.stringify({ zz: { foreign: true }, ...read(out) }))
    await mergeTestResults(report('2026-11-27T13:00:00.000Z'), out)
    const ids = ['20261127120000', '20261127130000'].map((time) => `runtime_vpdmn_x86_64_${time}`)
    expect(Object.keys(read(out))).toEqual([...ids, 'zz'])
    expect(readFileSync(join(out, 'testresults.json'), 'utf8')).toMatch(
      /^\{\n "runtime_vpdmn_x86_64_20261127120000": \{\n {2}"configuration"/,
    )
    expect(existsSync(join(out, 'jsontestresult.lock'))).toBe(false)
  })

  test('none of those that many write at once is lost', async () => {
    const out = newFolder()
    const times = Array.from({ length: 8 }, (_, hour) => `2026-11-27T0${hour}:00:00.000Z`)
    await Promise.all(times.map((time) => mergeTestResults(report(time), out)))
    expect(Object.keys(read(out))).toHaveLength(8)
  })

  test('they wait while another holds the lock', async () => {
    const out = newFolder()
    await mergeTestResults(report('2026-11-27T12:00:00.000Z'), out)
    const holder = spawn('flock', [join(out, 'jsontestresult.lock'), 'sh', '-c', 'echo held; read -r line'])
    await new Promise((resolve) => holder.stdout.once('data', resolve))
    let merged = false
    const merging = mergeTestResults(report('2026-11-27T13:00:00.000Z'), out).then(() => {
      merged = true
    })
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(merged).toBe(false)
    holder.stdin.end('\n')
    await merging
    expect(Object.keys(read(out))).toHaveLength(2)
  })

  test.each(['[]', '{', 'null'])('a file that holds %s is left alone, and said', async (content) => {
    const out = newFolder()
    await mergeTestResults(report('2026-11-27T12:00:00.000Z'), out)
    writeFileSync(join(out, 'testresults.json'), content)
    await expect(mergeTestResults(report('2026-11-27T13:00:00.000Z'), out)).rejects.toMatchObject({
      name: 'EnvironmentFault',
      message: expect.stringMatching(/holds no test results .*: remove it/),
    })
    expect(readFileSync(join(out, 'testresults.json'), 'utf8')).toBe(content)
  })

  test('a disk that refuses is a fault of the environment', async () => {
    await expect(mergeTestResults(sampleReport(), '/sys/results')).rejects.toMatchObject({ name: 'EnvironmentFault' })
  })

  test('by --format they are beside the reports, or where Yocto wants them', async () => {
    const [out, yocto] = [newFolder(), newFolder()]
    await writeReports(sampleReport(), out, new Map(), { formats: ['testresults'] })
    expect(existsSync(join(out, 'testresults.json'))).toBe(true)
    process.env.OEQA_JSON_RESULT_DIR = yocto
    await writeReports(sampleReport(), newFolder(), new Map(), { formats: ['testresults'] })
    delete process.env.OEQA_JSON_RESULT_DIR
    expect(existsSync(join(yocto, 'testresults.json'))).toBe(true)
  })
})
