/**
 * Does the page of `examples/browser` stay responsive while its worker trains? Gaps between its
 * frames in Chromium, in milliseconds, over a whole run as the form offers it. Chromium draws on the
 * processor here, and the worker needs a processor of its own: fewer than two idle ones tell little.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { serveFolder } from '../examples/page/serve.js'
import { launch } from '../test/e2e/launch.js'
import { report } from './support/measure.js'

const RUNS = [
  { data: 'tumours', backend: 'wasm' },
  { data: 'digits', backend: 'wasm' },
  { data: 'tumours', backend: 'webgl' },
] as const

/** Text, since a name of a function that is compiled here would be missing in the page. */
const WATCH = `
  globalThis.gaps = []
  let last = performance.now()
  requestAnimationFrame(function look(now) {
    gaps.push(now - last)
    last = now
    requestAnimationFrame(look)
  })
`

/** The gaps between the frames of a page from `Start` until its run is finished. */
async function gapsOf(url: string, { data, backend }: (typeof RUNS)[number]): Promise<number[]> {
  const browser = await launch([])
  try {
    const page = await browser.newPage()
    await page.goto(url)
    await page.locator('#start:enabled').waitFor()
    await page.locator(`input[name=data][value=${data}]`).check()
    await page.locator('#start:enabled').waitFor()
    await page.getByText('More settings').click()
    await page.locator(`input[name=backend][value=${backend}]`).check()
    await page.evaluate(WATCH)
    await page.locator('#start').click()
    await page
      .locator('#news')
      .filter({ hasText: /^Finished/ })
      .waitFor({ timeout: 300_000 })
    return await page.evaluate('gaps')
  } finally {
    await browser.close()
  }
}

export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tfjs-prune-frames-'))
  await build({ root: 'examples/browser', logLevel: 'error', build: { outDir: folder } })
  const served = await serveFolder(folder)
  try {
    for (const settings of RUNS) {
      const gaps = (await gapsOf(`${served.url}index.html`, settings)).sort((a, b) => a - b)
      const share = (part: number) => gaps[Math.floor(part * (gaps.length - 1))]!
      report({
        bench: 'frame-gaps',
        ...settings,
        frames: gaps.length,
        median: share(0.5),
        in100: share(0.99),
        in1000: share(0.999),
        longest: share(1),
        load: loadavg()[0]!,
      })
    }
  } finally {
    served.close()
    rmSync(folder, { recursive: true })
  }
}
