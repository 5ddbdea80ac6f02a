import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launch, WEBGPU } from './launch.js'
import { type PageServer, servePage } from './serve.js'

let browser: Browser
let server: PageServer
let page: Page
const complaints: string[] = []

beforeAll(async () => {
  server = await servePage('test/e2e/sparse-page.ts')
  browser = await launch(WEBGPU)
  page = await browser.newPage()
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(server.url)
  await page.waitForFunction(() => typeof window.compileOn === 'function')
})

afterAll(async () => {
  await browser?.close()
  server?.close()
})

describe.each(['cpu', 'wasm', 'webgl', 'webgpu'])('compileSparse in Chromium on %s', (backend) => {
  test('gives the outputs of tfjs for a model whose weights live there, and leaves no tensor', async () => {
    const outcome = await page.evaluate((name) => window.compileOn(name), backend)
    expectNear(outcome.compiled, outcome.wanted)
    expectNear(outcome.withLayer, outcome.wantedWithLayer)
    expect(outcome.withLayer).not.toEqual(outcome.compiled)
    expect(outcome.tensorsLeft).toBe(0)
  })

  test('believes the names of all stock activations', async () => {
    expect(await page.evaluate((name) => window.believedOn(name), backend)).toBe(15)
  })
})

test('toWasm writes a module that the page loads by its URL, with the outputs of tfjs', async () => {
  const { wanted, got } = await page.evaluate(() => window.runModule())
  expectNear(got, wanted, 3)
})

test('the page throws nothing', () => {
  expect(complaints).toEqual([])
})

function expectNear(got: readonly number[], wanted: readonly number[], count = 9): void {
  expect(got).toHaveLength(count)
  expect(new Set(wanted).size).toBe(count)
  const largest = Math.max(...wanted.map(Math.abs))
  const furthest = Math.max(...wanted.map((value, i) => Math.abs(value - got[i]!)))
  expect(furthest / largest).toBeLessThan(1e-5)
}
