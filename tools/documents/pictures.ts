import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { EnvironmentFault } from '../../harness/model/faults.ts'
import { projectFolder } from '../../harness/platform/call-folder.ts'
import { htmlPage } from '../../harness/report/html/page.ts'
import { readReport } from '../../harness/report/merge/read-report.ts'
import { summaryText } from '../../harness/report/summary.ts'
import { withSource } from './png-source.ts'
import { terminalPicture } from './terminal-picture.ts'

/**
 * The report of a real run, on a reference image from which crun was removed and in which busybox was given setuid. To record another
 * one: verify an image with `--suite static --out fixtures/documents`, shorten the path under `file`, and keep report.json alone.
 */
const recordedRun = () => readReport(join(projectFolder, 'fixtures', 'documents'))

const command = 'npx zx harness/verify.mjs my-image.squashfs --suite static'

/** The recorded run at a terminal of 100 columns. */
export function terminalPictureText(): string {
  const style = { columns: 100, rows: 60, colour: true, live: false }
  const summary = summaryText(recordedRun(), join(process.cwd(), 'reports/out/my-image'), style)
  return terminalPicture(
    `$ ${command}\n${summary}`,
    `What ${command} prints: the verdict, each failure with its remedy, counts`,
  )
}

/** The page of the recorded run, without the reasons of requirements, which the picture does not show. */
const reportPage = (): string => htmlPage(recordedRun(), new Map())

/** Tells whether the picture of the report is of today's page. */
export const reportPictureSource = (): string => createHash('sha256').update(reportPage()).digest('hex')

const browserPath = '/usr/bin/chromium'
const screen = { width: 860, height: 560 }
const browserTimeoutMs = 60_000

/** The upper part of the recorded run's report in Debian's chromium. Throws EnvironmentFault where that does not run. */
export async function takeReportPicture(): Promise<Buffer> {
  const { chromium } = await import('playwright-core')
  const folder = mkdtempSync(join(tmpdir(), 'vpdmn-documents-'))
  const path = join(folder, 'report.html')
  writeFileSync(path, reportPage())
  // Coloured edges of letters, made for one kind of screen, take half as many bytes again.
  const options = { executablePath: browserPath, args: ['--disable-lcd-text'], timeout: browserTimeoutMs }
  const browser = await chromium.launch(options).catch((cause: Error) => {
    const remedy = 'npm run setup -- --for-tests installs it'
    throw new EnvironmentFault('E_NO_TOOL', `${browserPath} does not start, and takes the picture: ${remedy}.`, {
      cause,
    })
  })
  try {
    const page = await browser.newPage({ viewport: screen, colorScheme: 'light' })
    await page.goto(pathToFileURL(path).href, { timeout: browserTimeoutMs })
    return withSource(await page.screenshot({ timeout: browserTimeoutMs }), reportPictureSource())
  } finally {
    await browser.close()
    rmSync(folder, { recursive: true })
  }
}
