import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { createMask } from 'tfjs-prune'
import { certifyScores } from 'tfjs-prune/certify'
import { reportHtml } from 'tfjs-prune/report'
import { renderSvg } from 'tfjs-prune/report/vega'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chartedRounds } from '../support/charted-rounds.js'
import { launch } from './launch.js'

const folder = mkdtempSync(join(tmpdir(), 'tfjs-prune-report-'))
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const HOSTILE = `"><script>window.hit = 1</script><img src="http://example.org/" onerror="window.hit = 2">`
let browser: Browser

async function writeReport(): Promise<string> {
  const shape = [3, 3, 8, 16]
  const values = Uint8Array.from({ length: 1152 }, (_, i) => Number(Math.sin(7 * i) > 0.8))
  const weight = { name: `${HOSTILE}/kernel`, layer: HOSTILE, role: 'kernel', shape, values }
  const mask = createMask([weight], 2000)
  const rounds = chartedRounds().map((round) => ({ ...round, mask }))
  const labels = Uint8Array.from({ length: 400 }, (_, i) => i % 2)
  const scores = Float64Array.from(labels, (label, i) => 3 * label + Math.sin(i))
  const certificate = certifyScores([{ round: 0, density: 1, labels, scores }], {
    ...{ positiveClass: 1, maximumFalseNegativeRate: 0.05 },
    ...{ maximumFalsePositiveRate: 0.2, confidence: 0.95 },
  })
  const pixels = Uint8Array.from({ length: 200 * 784 }, (_, i) => (i % 28) * 9)
  const skipped = [{ layer: HOSTILE, className: 'Own', reason: 'of an unknown class' }]
  const run = { rounds, kept: { round: 4 }, reason: '13 missed, 15 allowed', skipped }
  return reportHtml(run, {
    ...{ render: renderSvg, certificate, images: { pixels, height: 28, width: 28 } },
    title: `Tumours ${HOSTILE}`,
    sizes: { files: [{ file: 'stock', type: 'float32', bytes: 166_383, gzip: 24_000 }] },
    settings: { seed: 1, split: { train: 0.5, validation: 0.25 }, [HOSTILE]: HOSTILE },
    versions: { 'tfjs-prune': '0.1.0' },
    others: [{ name: HOSTILE, rounds: chartedRounds(7, 0.5) }],
    date: '29 November 2026',
  })
}

beforeAll(async () => {
  writeFileSync(join(folder, 'report.html'), await writeReport())
  browser = await launch([])
})

afterAll(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true })
})

/** Opens the report, and gathers all that a browser could object to. */
async function open(colorScheme: 'light' | 'dark', width: number) {
  const page = await browser.newPage({ colorScheme, viewport: { width, height: 800 } })
  const [requests, complaints]: [string[], string[]] = [[], []]
  page.on('request', (request) => requests.push(request.url()))
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  const url = pathToFileURL(join(folder, 'report.html')).href
  await page.goto(url)
  const fetched = requests.filter((one) => one !== url && !one.startsWith('data:'))
  return { page, fetched, complaints }
}

describe('reportHtml in Chromium', () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [375, 1200]) {
      test(`a report is whole, quiet and accessible, ${colorScheme}, ${width} px`, async () => {
        const { page, fetched, complaints } = await open(colorScheme, width)
        expect(fetched).toEqual([])
        expect(complaints).toEqual([])
        const [wide, seen] = await page.evaluate(() => [
          document.documentElement.scrollWidth,
          document.documentElement.clientWidth,
        ])
        expect(wide).toBe(seen)
        expect(await page.evaluate(() => 'hit' in window)).toBe(false)
        const shown = page.locator(`figure .${colorScheme} > svg`)
        expect(await shown.count()).toBe(10)
        for (const drawing of await shown.all()) {
          const box = (await drawing.boundingBox())!
          expect(box.width).toBeGreaterThan(280)
          expect(box.x + box.width).toBeLessThanOrEqual(width)
        }
        const hidden = colorScheme === 'light' ? 'dark' : 'light'
        expect(await page.locator(`.${hidden}:visible`).count()).toBe(0)
        if (process.env.PICTURES)
          await page.screenshot({
            path: join(process.env.PICTURES, `report-${colorScheme}-${width}.png`),
            fullPage: true,
          })
        await page.close()
      })
    }
  }

  test('a report has no violations of axe', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      // the policy of the page forbids scripts, so that axe needs a page that lets it in
      const context = await browser.newContext({ bypassCSP: true, colorScheme })
      const page = await context.newPage()
      await page.goto(pathToFileURL(join(folder, 'report.html')).href)
      await page.addScriptTag({ content: axe })
      const violations = await page.evaluate(async () => {
        const { axe } = window as unknown as { axe: { run: () => Promise<Results> } }
        const results = await axe.run()
        return results.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`)
      })
      expect(violations).toEqual([])
      await context.close()
    }
  })

  test('a report is printed on light paper', async () => {
    const { page } = await open('dark', 1200)
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    expect(paper).toBe('rgb(255, 255, 255)')
    expect(await page.locator('.dark:visible').count()).toBe(0)
    await page.close()
  })
})

interface Results {
  readonly violations: readonly {
    readonly id: string
    readonly nodes: readonly { html: string }[]
  }[]
}
