import { mkdtempDisposable, readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { tinyImage } from '../../../fixtures/static/tiny-image.ts'
import { requirementsOf } from '../../../suites/requirements.ts'
import { openImageFile } from '../../image/open-image-file.ts'
import { Lifetime } from '../../platform/process/lifetime.ts'
import { sampleResult } from '../../report/sample-report.ts'
import type { Report } from '../../report/schema.ts'
import { parseVerifyCall } from '../parse-verify-call.ts'
import type { VerifyRun } from '../verify-call.ts'
import type { JudgedImage } from './image-states.ts'
import { inspectImages } from './inspect-images.ts'
import { openPartialReport } from './partial-report.ts'
import { openRun, type Run } from './verify-run.ts'

interface Inspected {
  run: Run
  image: JudgedImage
  out: string
  report: () => Promise<Report>
}

/** Works on a run that has inspected an image and goes on to the boot suite; it ends with the work. */
async function afterInspection(work: (inspected: Inspected) => Promise<void>): Promise<void> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'partial-report-'))
  const out = join(folder.path, 'out')
  const options = parseVerifyCall(['--suite=static,boot', '--no-cache', '--quiet', `--out=${out}`], folder.path)
  await new Lifetime().within(async (lifetime) => {
    const run = await openRun(options as VerifyRun, lifetime)
    const file = await openImageFile(await tinyImage(join(folder.path, 'tiny.squashfs')))
    const [image] = (await inspectImages(run, [{ image: file, label: 'tiny' }])) as [JudgedImage]
    run.known.settle([image])
    const report = async () => JSON.parse(await readFile(join(out, 'report.json'), 'utf8'))
    await work({ run, image, out, report })
  })
}

const asked = requirementsOf(['boot'], false)
const answered = sampleResult({ id: 'BOOT-002', suite: 'boot', status: 'fail', findings: [{ message: 'No.' }] })

test('a signal leaves the reports with what is known, and the rest as not run', () =>
  afterInspection(async ({ run, image, out, report }) => {
    openPartialReport(run)
    run.known.add(image, answered)
    const total = image.requirements.length + asked.length
    const known = image.requirements.length + 1
    expect(await run.lifetime.interrupt('SIGTERM')).toEqual([
      `Partial report: ${out}/report.html (${known} of ${total} requirements).`,
    ])
    const { verdict, faultDetails, images } = await report()
    expect(verdict).toBe('error')
    expect(faultDetails).toEqual([
      {
        code: 'E_INTERRUPTED',
        message: `The run was interrupted by SIGTERM: ${asked.length - 1} of ${total} requirements were not run.`,
      },
    ])
    const results = images.flatMap(({ requirements }) => requirements)
    expect(results).toHaveLength(total)
    expect(results).toContainEqual(answered)
    expect(results.find(({ id }) => id === 'BOOT-001')).toMatchObject({
      status: 'skip',
      findings: [{ message: 'Not run: the run was interrupted by SIGTERM.' }],
    })
    expect((await readdir(out)).sort()).toEqual(['junit.xml', 'report.html', 'report.json', 'tiny.spdx.json'])
  }))

test('the reports are written while the run goes on, too', () =>
  afterInspection(async ({ run, image, report }) => {
    vi.useFakeTimers({ toFake: ['setInterval'] })
    const close = openPartialReport(run)
    run.known.add(image, answered)
    vi.advanceTimersByTime(30_000)
    vi.useRealTimers()
    await close()
    const { faults = [], images } = await report()
    expect(faults[0]).toMatch(/^The run has not ended, or was killed: \d+ of \d+ requirements were not run when/)
    expect(images[0]?.requirements).toContainEqual(answered)
  }))

test('a run that writes its own report is not disturbed by a signal', () =>
  afterInspection(async ({ run, out }) => {
    const close = openPartialReport(run)
    await close()
    expect(await run.lifetime.interrupt('SIGINT')).toEqual([])
    expect(await readdir(out)).toEqual([])
  }))
