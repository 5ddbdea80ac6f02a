import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { io } from '@tensorflow/tfjs-core'
import { loadLayersModel } from '@tensorflow/tfjs-layers'
import axe from 'axe-core'
import type { Browser, BrowserContext, Download, Page } from 'playwright-core'
import { compressedHandler } from 'tfjs-prune/files'
import type { WasmNetwork } from 'tfjs-prune/sparse'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Served, serveFolder } from '../../examples/page/serve.js'
import { runOnnx } from '../onnx/support/run-onnx.js'
import { launch } from './launch.js'

/** Vega makes functions of the expressions of a chart. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval' 'unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self'",
  'img-src data:',
].join('; ')

const folder = mkdtempSync(join(tmpdir(), 'tfjs-prune-demo-'))
/** Where screenshots go, if somebody wants to look at them. */
const screenshots = process.env.SCREENSHOTS
let served: Served
let browser: Browser
let context: BrowserContext
let page: Page
let complaints: string[]

beforeAll(async () => {
  // Below a folder, as on the site.
  const outDir = join(folder, 'demo')
  await build({ root: 'examples/browser', logLevel: 'error', build: { outDir } })
  served = await serveFolder(folder, { policy: POLICY })
  browser = await launch([])
})

afterAll(async () => {
  await browser?.close()
  served?.close()
  rmSync(folder, { recursive: true })
})

beforeEach(async () => {
  context = await browser.newContext({ acceptDownloads: true })
  page = await open()
})

afterEach(async () => {
  await context.close()
})

/** Opens the page, and waits until its data are there. */
async function open(): Promise<Page> {
  const opened = await context.newPage()
  opened.setDefaultTimeout(60_000)
  complaints = []
  opened.on('pageerror', (error) => complaints.push(String(error)))
  opened.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  opened.on('request', (request) => {
    const isOwn = /^(data|blob):/.test(request.url()) || request.url().startsWith(served.url)
    if (!isOwn) complaints.push(request.url())
  })
  await opened.goto(`${served.url}demo/index.html`)
  await opened.locator('#start:enabled').waitFor()
  return opened
}

interface Wanted {
  readonly data?: 'tumours' | 'digits'
  readonly losses?: 'red' | 'black' | 'both'
  readonly backend?: 'wasm' | 'webgl'
  readonly levels?: number
  readonly epochs?: number
}

/** Fills in the form. */
async function choose({ data, losses, backend, levels, epochs }: Wanted): Promise<void> {
  const check = (name: string, value: string) =>
    page.locator(`input[name=${name}][value=${value}]`).check()
  if (data) {
    await check('data', data)
    await page.locator('#start:enabled').waitFor()
    await news(/samples to train/)
  }
  if (losses) await check('losses', losses)
  if (backend ?? levels ?? epochs) await page.getByText('More settings').click()
  if (backend) await check('backend', backend)
  if (levels) await page.locator('#levels').fill(String(levels))
  if (epochs) await page.locator('#epochs').fill(String(epochs))
}

/** Waits for news of this kind, or for a problem. */
async function news(wanted: RegExp): Promise<void> {
  await page.locator('#news').filter({ hasText: wanted }).waitFor()
}

const textOf = async (selector: string) => (await page.locator(selector).textContent()) ?? ''

/** The cells of a run's table. */
const levelsOf = (loss: 'red' | 'black') =>
  page
    .locator(`#levels-${loss} tbody tr`)
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)))

const bytesOf = async (download: Download) => readFileSync(await download.path())

async function downloadsOf(selector: string, count: number): Promise<Download[]> {
  const found: Download[] = []
  const all = new Promise<void>((done) => {
    page.on('download', (download) => {
      found.push(download)
      if (found.length === count) done()
    })
  })
  await page.click(selector)
  await all
  return found
}

async function picture(name: string): Promise<void> {
  if (screenshots) await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true })
}

describe('the demo in Chromium', () => {
  test('prunes with both losses, and compares them', async () => {
    await choose({ levels: 3, epochs: 4 })
    await page.click('#start')
    await news(/^Finished/)
    expect(await textOf('#problem')).toBe('')
    const [red, black] = [await levelsOf('red'), await levelsOf('black')]
    for (const rows of [red, black])
      expect(rows.map((cells) => cells[1])).toEqual(['100 %', '50 %', '25 %'])
    for (const [, , missed, alarms] of [...red, ...black]) {
      expect(missed).toMatch(/^\d+ of 53$/)
      expect(alarms).toMatch(/^\d+ of 89$/)
    }
    expect(red).not.toEqual(black)
    expect(await textOf('#choice')).toMatch(
      /keeps (no )?level.* of red.*keeps (no )?level.* of black/,
    )
    expect(await textOf('#frames')).toMatch(/was \d+ ms/)
    await page.locator('#misses-figure svg').waitFor()
    await page.locator('#scores-figure svg').waitFor()
    await page.locator('#loss-figure svg').waitFor()
    expect(complaints).toEqual([])
  })

  test('moves misses and false alarms with the threshold, live', async () => {
    await choose({ losses: 'red', levels: 2, epochs: 4 })
    await page.click('#start')
    await news(/^Finished/)
    const counts = async () => (await levelsOf('red')).map(([, , ...cells]) => cells.slice(0, 2))
    const atHalf = await counts()
    const slider = page.locator('#threshold')
    await slider.press('Home')
    await page.locator('#threshold-text:not(:has-text("50 %"))').waitFor()
    for (const [missed, alarms] of await counts()) {
      expect(missed).toBe('0 of 53')
      expect(Number.parseInt(alarms!, 10)).toBeGreaterThan(0)
    }
    await slider.press('End')
    await page.locator('#levels-red', { hasText: /(0 of 89.*){2}/ }).waitFor()
    for (const [missed] of await counts()) expect(Number.parseInt(missed!, 10)).toBeGreaterThan(0)
    await page.click('#threshold-reset')
    await page.locator('#threshold-text', { hasText: '50 %' }).waitFor()
    expect(await counts()).toEqual(atHalf)
  })

  test('stops, survives a reload, and goes on to the end', async () => {
    await choose({ losses: 'black', levels: 5, epochs: 10 })
    await page.click('#start')
    await page.locator('#levels-black tbody tr').nth(1).waitFor()
    await page.click('#stop')
    await news(/^Stopped/)
    const before = await levelsOf('black')
    expect(before.length).toBeGreaterThanOrEqual(2)
    expect(before.length).toBeLessThan(5)
    await page.close()
    page = await open()
    await news(/levels of your last visit/)
    expect(await levelsOf('black')).toEqual(before)
    await page.click('#resume')
    await news(/^Finished/)
    const after = await levelsOf('black')
    expect(after).toHaveLength(5)
    expect(after.slice(0, before.length).map(([, ...cells]) => cells)).toEqual(
      before.map(([, ...cells]) => cells),
    )
    await page.locator('#resume').waitFor({ state: 'hidden' })
    expect(complaints).toEqual([])
  })

  test('leads back to the site that it is a part of', async () => {
    const back = page.getByRole('link', { name: /the guide and the API/ })
    expect(await back.getAttribute('href')).toBe('../')
  })

  test('hands out files that load again, here and in tfjs', async () => {
    await choose({ losses: 'red', levels: 3, epochs: 3 })
    await page.click('#start')
    await news(/^Finished/)
    await page.getByLabel('red, level 2').check()
    const [compressed] = await downloadsOf('#download-compressed', 1)
    const file = await bytesOf(compressed!)
    expect(compressed!.suggestedFilename()).toBe('red-level-2.tfpr')
    const stock = await downloadsOf('#download-stock', 2)
    const named = new Map(
      await Promise.all(
        stock.map(async (one) => [one.suggestedFilename(), await bytesOf(one)] as const),
      ),
    )
    const { modelTopology, weightsManifest } = JSON.parse(named.get('red-level-2.json')!.toString())
    expect(weightsManifest[0].paths).toEqual(['./red-level-2.weights.bin'])
    const bytes = named.get('red-level-2.weights.bin')!
    const weightData = Uint8Array.from(bytes).buffer
    const weightSpecs = weightsManifest[0].weights
    const models = [
      await loadLayersModel(compressedHandler(new Uint8Array(file))),
      await loadLayersModel(io.fromMemory({ modelTopology, weightSpecs, weightData })),
    ]
    const xs = tf.randomNormal([8, 30], 0, 1, 'float32', 1)
    const [small, whole] = models.map((model) => [...(model.predict(xs) as tf.Tensor).dataSync()])
    expect(small).toEqual(whole)
    expect(new Set(small).size).toBeGreaterThan(8)
    expect(file.length).toBeLessThan(bytes.length / 2)

    const [onnx] = await downloadsOf('#download-onnx', 1)
    expect(onnx!.suggestedFilename()).toBe('red-level-2.onnx')
    const model = models[0]!
    const outputs = await runOnnx(await bytesOf(onnx!), { [model.inputNames[0]!]: xs })
    const elsewhere = Object.values(outputs)[0]!.dataSync()
    for (const [i, value] of small!.entries()) expect(elsewhere[i]).toBeCloseTo(value, 5)

    const [wasm] = await downloadsOf('#download-wasm', 1)
    expect(wasm!.suggestedFilename()).toBe('red-level-2.wasm')
    const module = await WebAssembly.compile(await bytesOf(wasm!))
    const { exports } = await WebAssembly.instantiate(module)
    const { memory, input0, output0, run } = exports as object as WasmNetwork
    const samples = xs.dataSync() as Float32Array
    for (let i = 0; i < 8; i++) {
      const place = new Float32Array(memory.buffer, input0.value, 30)
      place.set(samples.subarray(30 * i, 30 * (i + 1)))
      expect(run()).toBe(0)
      const [benign, malignant] = new Float32Array(memory.buffer, output0.value, 2)
      expect(benign).toBeCloseTo(small![2 * i]!, 5)
      expect(malignant).toBeCloseTo(small![2 * i + 1]!, 5)
    }

    const [report] = await downloadsOf('#download-report', 1)
    const written = await bytesOf(report!)
    const html = written.toString()
    expect(await textOf('#downloaded')).toContain(`${written.length.toLocaleString('en')} bytes`)
    expect(html).toMatch(/^<!doctype html>[\s\S]*<svg[\s\S]*of 53[\s\S]*<\/html>\s*$/)
    expect(html).not.toMatch(/<script|src="http/)

    await page.setInputFiles('#file', await compressed!.path())
    await page.locator('#loaded', { hasText: 'parameters are not 0' }).waitFor()
    const counts = /\d+ of 53 tumours missed, \d+ of 89 false alarms/
    expect((await textOf('#loaded')).match(counts)![0]).toBe(
      (await textOf('#level-counts')).match(counts)![0],
    )
    await page.setInputFiles('#file', { name: 'no.tfpr', mimeType: '', buffer: Buffer.from('no') })
    await page.locator('#problem:not(:empty)').waitFor()
    expect(await textOf('#problem')).toMatch(/^Cannot /)
  })

  test('tells the test part apart, once it is asked for', async () => {
    await choose({ losses: 'red', levels: 2, epochs: 4 })
    await page.click('#start')
    await news(/^Finished/)
    expect(await textOf('#test-counts')).toBe('')
    await page.click('#test')
    await page.locator('#test-counts p').first().waitFor()
    expect(await textOf('#test-counts')).toMatch(/^Test part, level \d of red, .*of 53 .*of 89/)
    expect(await textOf('#test-counts')).not.toMatch(/flatter/)
    await page.locator('#threshold').press('ArrowLeft')
    await page.locator('#test-counts', { hasText: 'flatter' }).waitFor()
  })

  test('prunes on webgl', async () => {
    await choose({ losses: 'red', backend: 'webgl', levels: 2, epochs: 1 })
    await page.click('#start')
    await news(/^Finished/)
    expect(await textOf('#problem')).toBe('')
    expect((await levelsOf('red')).map((cells) => cells[1])).toEqual(['100 %', '50 %'])
    expect(complaints).toEqual([])
  })

  test('trains the digits on wasm, and draws each eight that a level lost', async () => {
    await choose({ data: 'digits', losses: 'red', levels: 5, epochs: 8 })
    await page.click('#start')
    await news(/^Finished/)
    await page.getByLabel('red, level 4').check()
    await page.locator('#lost p').waitFor()
    const told = /finds (?:(this one)|these (\d+)), the level does not/.exec(
      await textOf('#lost p'),
    )
    const lost = told?.[2] ? Number(told[2]) : 1
    expect(await page.locator('#lost canvas').count()).toBe(lost)
    expect(told).not.toBeNull()
    await picture('digits')
    // Level 0 loses none, whatever the threshold: the words follow it all the same.
    await page.getByLabel('red, level 0').check()
    await page.locator('#lost canvas').first().waitFor({ state: 'detached' })
    await page.locator('#threshold').press('Home')
    await page.locator('#lost p', { hasText: 'each of the 40 eights' }).waitFor()
    expect(complaints).toEqual([])
  })

  test('is run with the keyboard alone', async () => {
    const focused = () => page.evaluate(() => document.activeElement?.id ?? '')
    const tabTo = async (id: string) => {
      for (let presses = 0; presses < 40 && (await focused()) !== id; presses++)
        await page.keyboard.press('Tab')
      expect(await focused()).toBe(id)
    }
    // The way back, the data, the losses.
    for (let presses = 0; presses < 3; presses++) await page.keyboard.press('Tab')
    // From both losses to black, which stands before it.
    await page.keyboard.press('ArrowUp')
    await tabTo('budget')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await tabTo('levels')
    await page.keyboard.type('2')
    await tabTo('epochs')
    await page.keyboard.type('3')
    await tabTo('start')
    await page.keyboard.press('Enter')
    await news(/^Finished.*budget of 3/)
    expect(await levelsOf('black')).toHaveLength(2)
    await tabTo('threshold')
    await page.keyboard.press('End')
    await page.locator('#levels-black', { hasText: /(0 of 89.*){2}/ }).waitFor()
    for (let presses = 0; presses < 5; presses++) await page.keyboard.press('Tab')
    await tabTo('test')
    await page.keyboard.press('Enter')
    await page.locator('#test-counts p').first().waitFor()
  })

  test('says that a worker has no webgl, and goes on with wasm', async () => {
    await page.route(/worker-.*\.js$/, async (route) => {
      const answer = await route.fetch()
      const body = `delete globalThis.OffscreenCanvas;\n${await answer.text()}`
      await route.fulfill({ response: answer, body })
    })
    await choose({ losses: 'red', backend: 'webgl', levels: 2, epochs: 1 })
    await page.click('#start')
    await page.locator('#problem', { hasText: 'no webgl in a worker' }).waitFor()
    await page.locator('input[value=wasm]').check()
    await page.click('#start')
    await news(/^Finished/)
    expect(await textOf('#problem')).toBe('')
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`breaks no rule of accessibility in ${colorScheme}, and fits into 375 pixels`, async () => {
      await page.emulateMedia({ colorScheme })
      await choose({ levels: 2, epochs: 1 })
      await page.click('#start')
      await news(/^Finished/)
      await page.click('#test')
      await page.locator('#test-counts p').first().waitFor()
      for (const width of [1200, 375]) {
        await page.setViewportSize({ width, height: 800 })
        await page.locator('#scores-figure svg').waitFor()
        const tooWide = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        )
        expect(tooWide).toBeLessThanOrEqual(0)
        await page.evaluate(axe.source)
        const broken = await page.evaluate(async () => {
          const { violations } = await (window as unknown as { axe: typeof axe }).axe.run()
          return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`)
        })
        expect(broken).toEqual([])
        await picture(`tumours-${colorScheme}-${width}`)
      }
    })
  }
})
