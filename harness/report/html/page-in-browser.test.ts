import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allRequirements } from '../../../suites/all-requirements.ts'
import { projectFolder } from '../../platform/call-folder.ts'
import { fullImage, fullReport, hostileImage } from '../sample-full-report.ts'
import { sampleResult } from '../sample-report.ts'
import { htmlPage } from './page.ts'

/** Debian's package `chromium`; without it nothing here can be told. */
const browserPath = '/usr/bin/chromium'
const folder = join(projectFolder, 'reports', 'out', 'screenshots')
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const slower = fullImage({
  arch: 'aarch64',
  requirements: [
    sampleResult({ status: 'fail', findings: [{ message: 'is missing' }] }),
    sampleResult({ id: 'FS-001' }),
  ],
  metrics: [{ name: 'boot_ready_ms', unit: 'ms', tier: 2, samples: [9000, 9500] }],
})

/** An image whose init panics: one cause, much that it blocks, and what its era does not have. */
const panicking = fullImage({
  requirements: [
    sampleResult(),
    sampleResult({
      id: 'BOOT-003',
      suite: 'boot',
      status: 'fail',
      findings: [{ message: 'The machine panicked.' }],
    }),
    ...['BOOT-001', 'DMN-001', 'PUL-001'].map((id) =>
      sampleResult({
        id,
        suite: id.startsWith('PUL') ? 'podman' : 'boot',
        title: `Title of ${id}`,
        status: 'blocked',
        blockedBy: 'BOOT-003',
        findings: [{ message: 'Blocked by BOOT-003: The machine panicked.' }],
      }),
    ),
    sampleResult({
      id: 'CRT-001',
      suite: 'boot',
      status: 'not-applicable',
      findings: [{ message: 'Neither the era seed nor its init has it.' }],
    }),
  ],
})

/** The pages that are looked at. */
const reports = {
  passing: fullReport(),
  panicking: fullReport({ verdict: 'does-not-conform', images: [panicking] }),
  failing: fullReport({ verdict: 'does-not-conform', images: [hostileImage()] }),
  comparison: fullReport({ verdict: 'does-not-conform', images: [fullImage(), slower] }),
  broken: fullReport({ verdict: 'error', faults: ['QEMU ended early.'], images: [] }),
}

const pathOf = (name: string): string => join(folder, `${name}.html`)

/** What an opened page does that it must not: errors of script or policy, and requests to anywhere. */
interface Watched {
  page: Page
  complaints: string[]
}

describe.skipIf(!existsSync(browserPath))(
  `the page in ${browserPath}, which "npm run setup -- --for-tests" installs`,
  () => {
    let browser: Browser
    beforeAll(async () => {
      mkdirSync(folder, { recursive: true })
      for (const [name, report] of Object.entries(reports))
        writeFileSync(pathOf(name), htmlPage(report, allRequirements))
      browser = await chromium.launch({ executablePath: browserPath, timeout: 60_000 })
    }, 90_000)
    afterAll(() => browser?.close())

    async function open(name: string, options: BrowserContextOptions = {}, fragment = ''): Promise<Watched> {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options })
      const complaints: string[] = []
      page.on('console', (message) => complaints.push(message.text()))
      page.on('pageerror', (error) => complaints.push(error.message))
      page.on('dialog', (dialog) => complaints.push(`dialog ${dialog.message()}`))
      page.on('request', (request) => {
        if (!request.url().startsWith(pathToFileURL(pathOf(name)).href)) complaints.push(request.url())
      })
      await page.goto(`${pathToFileURL(pathOf(name))}${fragment}`)
      return { page, complaints }
    }

    const screens = {
      'wide screen': { viewport: { width: 1280, height: 900 } },
      phone: { viewport: { width: 390, height: 844 } },
    } as const

    test.each([
      ['passing', 'wide screen', 'light'],
      ['panicking', 'wide screen', 'light'],
      ['panicking', 'phone', 'dark'],
      ['failing', 'wide screen', 'light'],
      ['failing', 'wide screen', 'dark'],
      ['failing', 'phone', 'light'],
      ['comparison', 'wide screen', 'light'],
      ['comparison', 'phone', 'dark'],
      ['broken', 'wide screen', 'light'],
    ] as const)('the %s report on a %s, %s, is whole, for everybody, and alone', async (name, screen, colorScheme) => {
      const { page, complaints } = await open(name, { ...screens[screen], colorScheme })
      const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
      await page.screenshot({ path: join(folder, `${name}, ${screen}, ${colorScheme}.png`), fullPage: true })
      expect(overflow).toBeLessThanOrEqual(0)
      await page.evaluate('for (const part of document.querySelectorAll("details")) part.open = true')
      await page.evaluate(axe)
      const { violations } = (await page.evaluate('axe.run()')) as { violations: { id: string; nodes: object[] }[] }
      expect(violations.map(({ id, nodes }) => `${id}: ${JSON.stringify(nodes[0])}`)).toEqual([])
      expect(complaints).toEqual([])
      await page.close()
    })

    test('hostile names appear as text and act nowhere', async () => {
      const { page } = await open('failing')
      expect(await page.evaluate('globalThis.broken')).toBeUndefined()
      expect(await page.locator('img, main script').count()).toBe(0)
      const text = await page.locator('#problems').textContent()
      expect(text).toContain('<img src=x onerror="globalThis.broken = 2">')
      expect(text).toContain('\\u{202e}gnp.exe')
      await page.close()
    })

    test('a script that came in all the same would not run', async () => {
      const { page, complaints } = await open('passing')
      await page.evaluate(
        'document.body.insertAdjacentHTML("beforeend", `<img src=x onerror="globalThis.broken = 1">`)',
      )
      await expect.poll(() => complaints.join()).toContain('Content Security Policy')
      expect(await page.evaluate('globalThis.broken')).toBeUndefined()
      await page.close()
    })

    test('by keyboard alone one searches, filters and opens a requirement', async () => {
      const { page } = await open('comparison')
      await page.keyboard.press('/')
      await page.keyboard.type('title bin-001')
      expect(await page.locator('#shown').textContent()).toBe('1 of 5 requirements shown')
      const row = page.locator('details.row:visible')
      const isThere = () => row.evaluate('document.activeElement?.closest("details.row") !== null')
      for (let step = 0; step < 12 && !(await isThere()); step++) await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      expect(await row.getByText('is missing').isVisible()).toBe(true)
      await page.close()
    })

    test('filters show what failed, and where images differ', async () => {
      const { page } = await open('comparison')
      await page.locator('input[value=pass]').uncheck()
      expect(await page.locator('details.row:visible .id').allInnerTexts()).toEqual(['BIN-001'])
      await page.locator('input[value=pass]').check()
      await page.getByLabel('only where they differ').check()
      expect(await page.locator('details.row:visible .id').allInnerTexts()).toEqual([
        'BIN-001',
        'BOOT-001',
        'BOOT-003',
        'PUL-001',
      ])
      await page.close()
    })

    test('what is blocked lies folded under its one cause, and leads to it and back', async () => {
      const { page } = await open('panicking')
      expect(await page.locator('#problems .problem h3 a').allInnerTexts()).toEqual(['BOOT-003'])
      const [folded, link] = [page.locator('#problems .blocks'), page.locator('#problems .blocks a')]
      expect(await folded.locator('summary').textContent()).toBe('Blocks 3 requirements')
      expect(await link.first().isVisible()).toBe(false)
      await folded.locator('summary').click()
      expect(await link.allInnerTexts()).toEqual(['BOOT-001', 'DMN-001', 'PUL-001'])
      await link.nth(1).click()
      const result = page.locator('#DMN-001 .result')
      expect(await result.locator('p').first().textContent()).toBe('blocked by BOOT-003')
      await result.getByRole('link').click()
      expect(await page.locator('#BOOT-003 .result').isVisible()).toBe(true)
      await page.close()
    })

    test('what is blocked and what does not apply are counted, explained and filtered apart', async () => {
      const { page } = await open('panicking')
      expect(await page.locator('.sentence').textContent()).toBe(
        '1 of 6 requirements of 1 image is not met. 3 could not be asked because of a failure. 1 does not apply.',
      )
      expect(await page.locator('.counts li').allInnerTexts()).toEqual([
        '1 failed',
        '3 blocked',
        '1 not applicable',
        '1 passed',
      ])
      await page.getByText('What the words mean').click()
      expect(await page.locator('.meanings').getByText('its init does not handle it').isVisible()).toBe(true)
      await page.locator('input[value=blocked]').uncheck()
      expect(await page.locator('details.row:visible .id').allInnerTexts()).toEqual(['BIN-001', 'BOOT-003', 'CRT-001'])
      await page.locator('#CRT-001 summary').click()
      expect(await page.locator('#CRT-001 .result p').first().textContent()).toBe('not applicable')
      expect(await page.locator('#CRT-001').getByText('Neither the era seed').isVisible()).toBe(true)
      await page.close()
    })

    test('a link to a requirement opens it and says why it is there', async () => {
      const { page } = await open('passing', {}, '#BIN-001')
      const why = page.locator('#BIN-001').getByText(allRequirements.get('BIN-001')?.why as string)
      expect(await why.isVisible()).toBe(true)
      await page.close()
    })

    test('the console marks the lines that matter', async () => {
      const { page } = await open('failing')
      const marked = page.locator('#boots .mark-fatal')
      expect(await marked.allTextContents()).toEqual([expect.stringContaining('Kernel panic')])
      expect(await page.locator('#boots summary').first().textContent()).toBe('Console, 171 lines, 1 marked line')
      expect(await page.locator('#boots .gap').textContent()).toBe('… 40 lines left out')
      await page.close()
    })

    test('without script everything is there to read', async () => {
      const { page } = await open('comparison', { javaScriptEnabled: false })
      expect(await page.locator('details.row:visible').count()).toBe(5)
      expect(await page.locator('#filters').isVisible()).toBe(false)
      await page.close()
    })
  },
)
