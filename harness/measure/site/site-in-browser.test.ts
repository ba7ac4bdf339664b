import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { projectFolder } from '../../platform/call-folder.ts'
import { sampleImage, sampleReport, sampleResult } from '../../report/sample-report.ts'
import { readSite } from './read-site.ts'
import { siteFiles } from './site-page.ts'

/** Debian's package `chromium`; without it nothing here can be told. */
const browserPath = '/usr/bin/chromium'
const folder = join(projectFolder, 'reports', 'out', 'screenshots', 'site')
const hostileName = '"><img src=x onerror=alert(1)><script>alert(2)<b>.squashfs'
/** Names of folders are written by whoever made the reports. */
const hostileFolder = 'javascript:alert(3)'

function put(name: string, report: ReturnType<typeof sampleReport>): void {
  mkdirSync(join(folder, name), { recursive: true })
  writeFileSync(join(folder, name, 'report.json'), JSON.stringify(report))
  writeFileSync(join(folder, name, 'report.html'), '<title>a report</title>')
}

/** Nightly runs whose boots became slower in the middle, on two architectures and of two releases. */
function makeReports(): void {
  for (let index = 0; index < 40; index++) {
    const boot = index < 22 ? 9000 + (index % 5) * 20 : 10400 + (index % 4) * 30
    const metrics = [
      { name: 'boot_ready_ms', unit: 'ms', tier: 2 as const, samples: [boot] },
      { name: 'pull_tiny_ms', unit: 'ms', tier: 2 as const, samples: [3000 + (index % 7) * 40] },
    ]
    const failed = index === 22 || index === 23
    const requirements = [sampleResult({ status: failed ? 'fail' : 'pass' }), sampleResult({ id: 'FS-001' })]
    const startedAt = new Date(Date.UTC(2026, 8, index + 1)).toISOString()
    const images = [sampleImage({ metrics, requirements }), sampleImage({ arch: 'aarch64', metrics })]
    put(`night-${index}`, sampleReport({ startedAt, images, verdict: failed ? 'does-not-conform' : 'conforms' }))
  }
  put(hostileFolder, sampleReport({ images: [sampleImage({ file: `/x/${hostileName}`, profile: '<b>bold</b>' })] }))
}

describe.skipIf(!existsSync(browserPath))(
  `the site in ${browserPath}, which "npm run setup -- --for-tests" installs`,
  () => {
    let browser: Browser
    let page: Page
    const complaints: string[] = []
    beforeAll(async () => {
      rmSync(folder, { recursive: true, force: true })
      makeReports()
      for (const [name, content] of Object.entries(siteFiles(readSite(folder))))
        writeFileSync(join(folder, name), content)
      browser = await chromium.launch({ executablePath: browserPath, timeout: 60_000 })
      page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
      page.on('console', (message) => complaints.push(message.text()))
      page.on('pageerror', (error) => complaints.push(error.message))
      page.on('dialog', (dialog) => complaints.push(`dialog ${dialog.message()}`))
      page.on('request', (request) => request.url().startsWith('file:') || complaints.push(request.url()))
      await page.goto(pathToFileURL(join(folder, 'index.html')).href)
      await page.screenshot({ path: join(folder, 'site.png'), fullPage: true })
    }, 120_000)
    afterAll(() => browser?.close())

    test('shows each image of each release by architecture, with its latest verdict and those before', async () => {
      expect(await page.locator('h1').textContent()).toContain('3 of 3 images conform')
      expect(await page.locator('#images tbody tr').count()).toBe(2)
      expect(await page.locator('#images svg.runs').first().locator('rect.fill-fail').count()).toBe(2)
    })

    test('draws each metric as a line, with a stroke where its level changed', async () => {
      const row = page.locator('#trends tr', { hasText: 'boot_ready_ms' }).first()
      expect(await row.locator('svg.spark polyline').count()).toBe(1)
      expect(await row.locator('svg.spark line.change').count()).toBe(1)
      expect(await row.locator('td').last().textContent()).toBe('2026-09-23')
    })

    test('leads to the reports, and a name of a folder to no other address', async () => {
      const targets = await page.evaluate<string[]>(
        '[...document.querySelectorAll("a.verdict-link")].map(({ href }) => href)',
      )
      expect(targets).toHaveLength(3)
      for (const target of targets) expect(target).toMatch(/^file:/)
      await page.locator('a.verdict-link').first().click()
      expect(await page.title()).toBe('a report')
      await page.goBack()
    })

    test('shows names of images as text, and does nothing else that they say', async () => {
      expect(await page.locator('#images').textContent()).toContain(hostileName)
      expect(await page.locator('#images img, #images script, #images b').count()).toBe(0)
      expect(complaints).toEqual([])
    })

    test('its badge is a picture', async () => {
      await page.goto(pathToFileURL(join(folder, 'badge.svg')).href)
      expect(await page.locator('title').textContent()).toBe('conformance: 4 passed')
      await page.screenshot({ path: join(folder, 'badge.png') })
    })
  },
)
