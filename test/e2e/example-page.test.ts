import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { loadLayersModel } from '@tensorflow/tfjs-layers'
import type { Browser, Page } from 'playwright-core'
import { compressedHandler } from 'tfjs-prune/files'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundlePage, loadedAtOnce, type Outputs } from '../../examples/page/bundle.js'
import { makeModel } from '../../examples/page/make-model.js'
import type { Row } from '../../examples/page/rows.js'
import { POLICY, type Served, serveFolder } from '../../examples/page/serve.js'
import { startWasm } from '../../examples/support/backend.js'
import { rareDigit } from '../../examples/support/mnist.js'
import { launch } from './launch.js'

const folder = mkdtempSync(join(tmpdir(), 'tfjs-prune-page-'))
const opened: { close: () => unknown }[] = []
let outputs: Outputs
/** The outputs of the model in tfjs on wasm in Node: two numbers for each of 16 pictures. */
let wanted: number[]

beforeAll(async () => {
  outputs = await bundlePage(folder)
  await startWasm()
  const parts = {
    train: rareDigit('train', { digit: 8, positives: 20 }),
    validation: rareDigit('train', { digit: 8, positives: 20, skip: 600 }),
    shown: rareDigit('t10k', { digit: 8, positives: 4 }),
  }
  await makeModel(folder, parts, { epochs: 1, rounds: 2 })
  const model = await loadLayersModel(compressedHandler(join(folder, 'model.tfpr')))
  const pixels = Float32Array.from(readFileSync(join(folder, 'pictures.bin')), (byte) => byte / 255)
  const answers = model.predict(tf.tensor4d(pixels, [16, 28, 28, 1])) as tf.Tensor
  wanted = [...answers.dataSync()]
})

afterAll(async () => {
  for (const one of opened.reverse()) await one.close()
  rmSync(folder, { recursive: true })
})

const started = async <T extends { close: () => unknown }>(one: Promise<T>): Promise<T> => {
  opened.push(await one)
  return one
}

interface Opened {
  readonly page: Page
  /** Paths that the page asked for. */
  readonly requests: readonly string[]
  /** Errors that nobody caught. */
  readonly complaints: readonly string[]
}

/** Opens the page and waits until it answers or says why not. */
async function open({
  flags = [],
  policy,
  before,
}: {
  flags?: readonly string[]
  policy?: string
  before?: () => void
} = {}): Promise<Opened> {
  const served: Served = await started(serveFolder(folder, policy === undefined ? {} : { policy }))
  const browser: Browser = await started(launch(flags))
  const page = await browser.newPage()
  const [requests, complaints]: [string[], string[]] = [[], []]
  page.on('request', (request) => requests.push(new URL(request.url()).pathname))
  page.on('pageerror', (error) => complaints.push(String(error)))
  if (before) await page.addInitScript(before)
  await page.goto(served.url)
  await page.waitForSelector('#problem:not(:empty), #rows tr', { state: 'attached' })
  return { page, requests, complaints }
}

const problemOf = (page: Page) => page.locator('#problem').textContent()
const rowsOf = (page: Page) =>
  page
    .locator('#rows tr')
    .evaluateAll((rows) => rows.map((row) => JSON.parse((row as HTMLElement).dataset.row!) as Row))
const outputsOf = (page: Page) =>
  page
    .locator('figure')
    .evaluateAll((figures) =>
      figures.flatMap((one) => JSON.parse((one as HTMLElement).dataset.outputs!) as number[]),
    )

function expectNear(got: readonly number[], relative: number): void {
  expect(got).toHaveLength(wanted.length)
  const largest = Math.max(...wanted.map(Math.abs))
  const furthest = Math.max(...wanted.map((value, i) => Math.abs(value - got[i]!)))
  expect(furthest / largest).toBeLessThan(relative)
  expect(new Set(got).size).toBeGreaterThan(16)
}

describe('the bundle of the page', () => {
  test('holds nothing of tfjs until the button is pressed, which loads it', () => {
    const isOfTfjs = (path: string) => path.includes('@tensorflow')
    const atOnce = loadedAtOnce(outputs, 'page.js')
    expect(atOnce).toContain('src/sparse/compile-sparse.ts')
    expect(atOnce.filter(isOfTfjs)).toEqual([])
    const all = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs))
    expect(all.filter(isOfTfjs).length).toBeGreaterThan(100)
  })
})

describe('the page in Chromium', () => {
  test('answers as tfjs does, and loads tfjs when asked to', async () => {
    const { page, requests, complaints } = await open({ flags: ['--disable-gpu'] })
    expect(await problemOf(page)).toBe('')
    expectNear(await outputsOf(page), 1e-5)
    const own = ['/', '/style.css', '/page.js', '/model.tfpr', '/pictures.bin']
    expect(requests.filter((path) => !path.startsWith('/code/')).sort()).toEqual(own.sort())
    const codeAtFirst = requests.length

    await page.click('#compare')
    await page.waitForSelector('#problem:not(:empty), #rows tr:nth-child(3)', {
      state: 'attached',
    })
    expect(await problemOf(page)).toBe('')
    expect(requests.length).toBeGreaterThan(codeAtFirst + 3)
    const rows = await rowsOf(page)
    expect(rows.map(({ name }) => name)).toEqual(['compiled', 'tfjs on wasm', 'tfjs on webgl'])
    for (const { firstAnswer, single, batch, codeBytes, modelBytes } of rows) {
      for (const figure of [firstAnswer, single, batch]) expect(figure).toBeGreaterThan(0)
      expect(modelBytes).toBe(readFileSync(join(folder, 'model.tfpr')).length)
      expect(codeBytes).toBeGreaterThan(20_000)
    }
    for (const { furthest, codeBytes } of rows.slice(1)) {
      expect(furthest).toBeLessThan(1e-5)
      expect(codeBytes).toBeGreaterThan(4 * rows[0]!.codeBytes)
    }
    expect(complaints).toEqual([])
  })

  test("says that its policy lacks 'wasm-unsafe-eval'", async () => {
    const { page, complaints } = await open({ policy: POLICY.replace(" 'wasm-unsafe-eval'", '') })
    expect(await problemOf(page)).toMatch(
      /^Cannot compile a sparse network: expected 'wasm-unsafe-eval' in script-src of the page's/,
    )
    expect(await rowsOf(page)).toEqual([])
    expect(complaints).toEqual([])
  })

  const noSimd =
    /^Cannot compile a sparse network: expected a host with WebAssembly SIMD.*predict with tfjs there$/

  test('says that a stubbed host has no SIMD', async () => {
    const { page } = await open({
      before: () => {
        WebAssembly.validate = () => false
      },
    })
    expect(await problemOf(page)).toMatch(noSimd)
  })

  test('says that a host whose processor has no SIMD lacks it', async () => {
    const { page, complaints } = await open({ flags: ['--js-flags=--no-enable-sse4-1'] })
    expect(await problemOf(page)).toMatch(noSimd)
    expect(complaints).toEqual([])
  })

  test('says that a host without WebAssembly lacks it', async () => {
    const { page } = await open({
      before: () => {
        Reflect.deleteProperty(globalThis, 'WebAssembly')
      },
    })
    expect(await problemOf(page)).toMatch(noSimd)
  })
})
