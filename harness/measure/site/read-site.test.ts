import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CallFault } from '../../model/faults.ts'
import { sampleImage, sampleReport, sampleResult } from '../../report/sample-report.ts'
import type { Report } from '../../report/schema.ts'
import { imageName } from './image-line.ts'
import { readSite } from './read-site.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'read-site-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function put(name: string, content: Report | string): void {
  mkdirSync(join(folder, name), { recursive: true })
  writeFileSync(join(folder, name, 'report.json'), typeof content === 'string' ? content : JSON.stringify(content))
}

test('runs on one image of one release stand together, the oldest first, wherever their folders lie', () => {
  put('z', sampleReport({ startedAt: '2026-01-01T00:00:00.000Z' }))
  put('a/b', sampleReport({ startedAt: '2026-01-02T00:00:00.000Z' }))
  put('c', sampleReport({ startedAt: '2026-01-03T00:00:00.000Z', images: [sampleImage({ profile: 'vpdmn-2026' })] }))
  const { lines, reportCount } = readSite(folder)
  expect(reportCount).toBe(3)
  expect(lines.map(({ release, runs }) => [release, runs.map((run) => run.folder)])).toEqual([
    ['vpdmn', ['z', 'a/b']],
    ['vpdmn-2026', ['c']],
  ])
})

test('each image has its own verdict, and a fault of the run is that of all', () => {
  const failed = sampleImage({ file: '/b.squashfs', requirements: [sampleResult({ status: 'fail' })] })
  put('a', sampleReport({ verdict: 'does-not-conform', images: [sampleImage(), failed] }))
  expect(readSite(folder).lines.map(({ runs }) => runs[0]?.verdict)).toEqual(['does-not-conform', 'conforms'])
  put('a', sampleReport({ verdict: 'error', faults: ['QEMU ended.'] }))
  expect(readSite(folder).lines.map(({ runs }) => runs[0]?.verdict)).toEqual(['error'])
})

test('what is no report, and what is a part of one, is passed over with the reason', () => {
  put('whole', sampleReport())
  put('cut', '{"schemaVersion"')
  put('part', sampleReport({ shard: { index: 2, count: 3, expected: [] } }))
  const { passedOver, reportCount } = readSite(folder)
  expect(reportCount).toBe(1)
  expect(passedOver[0]).toMatch(/cut\/report\.json is not JSON/)
  expect(passedOver[1]).toBe('part/report.json is part 2 of a run: merge makes a report of all.')
})

test('a folder without a report is a wrong call', () => {
  expect(() => readSite(folder)).toThrow(CallFault)
})

test.each([
  ['/deploy/images/my-image-x86.squashfs', 'my-image-x86.squashfs'],
  ['/blobs/x86_64/rootfs.img', 'blobs/rootfs.img'],
  ['rootfs.img', 'rootfs.img'],
])('the image %s is called %s', (file, name) => {
  expect(imageName({ file, arch: 'x86_64' })).toBe(name)
})
