import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Download, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { fileHandler } from '../../src/index.js'
import { stockValues } from '../export/stock-values.js'
import type { Backend, Outcome } from './page.js'
import type { SavedBytes } from './quantised-models.js'
import { type PageServer, servePage } from './serve.js'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
]

let browser: Browser
let server: PageServer
let page: Page
const complaints: string[] = []
const outcomes = new Map<Backend, Promise<Outcome>>()

/** Runs the page once per backend. */
function outcomeOf(backend: Backend): Promise<Outcome> {
  if (!outcomes.has(backend))
    outcomes.set(
      backend,
      page.evaluate((name) => window.run(name), backend),
    )
  return outcomes.get(backend)!
}

beforeAll(async () => {
  server = await servePage()
  // A browser that is launched like this gets a fresh user data folder.
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: FLAGS,
  })
  page = await browser.newPage()
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(server.url)
  await page.waitForFunction(() => typeof window.run === 'function')
})

afterAll(async () => {
  await browser?.close()
  server?.close()
})

describe.each(['webgl', 'wasm'] as const)('in Chromium on %s', (backend) => {
  test('losses and their gradients are finite and equal those of cpu to 1e-3', async () => {
    const { losses } = await outcomeOf(backend)
    const { losses: expected } = await outcomeOf('cpu')
    expect(Object.keys(losses)).toHaveLength(14 * 3)
    for (const [name, { value, gradient }] of Object.entries(losses)) {
      const pairs = [value, ...gradient].map((got, i) => [
        got,
        [expected[name]!.value, ...expected[name]!.gradient][i]!,
      ])
      for (const [got, wanted] of pairs) {
        expect(Number.isFinite(got), name).toBe(true)
        expect(Math.abs(got! - wanted!), name).toBeLessThan(1e-3)
      }
      expect(
        gradient.some((slope) => Math.abs(slope) > 1e-3),
        `${name} has a gradient`,
      ).toBe(true)
    }
  })

  test('losses and their gradients are finite for scores of +-50, one class alone and one sample', async () => {
    expect((await outcomeOf(backend)).unboundedLosses).toEqual([])
  })

  test('maskedOptimizer holds pruned weights at 0 through 50 steps of Adam', async () => {
    expect((await outcomeOf(backend)).aliveAfterAdam).toBe(12)
  })

  test('prune takes half of an MLP in two rounds and trains as on cpu', async () => {
    const { mlp } = await outcomeOf(backend)
    expect(mlp).toMatchObject({ densities: [1, 0.5], alive: 24 })
    expectNear(mlp.trainingLosses, (await outcomeOf('cpu')).mlp.trainingLosses)
  })

  test('prune takes half of a CNN in two rounds and trains as on cpu', async () => {
    const { cnn } = await outcomeOf(backend)
    expect(cnn).toMatchObject({ densities: [1, 0.5], alive: 18 + 72 + 16 })
    expectNear(cnn.trainingLosses, (await outcomeOf('cpu')).cnn.trainingLosses)
  })

  test.each(['uint8', 'uint16', 'float16'] as const)(
    'saveQuantised as %s writes what stock tfjs reads from local storage and IndexedDB, exact by the formula',
    async (dtype) => {
      await page.evaluate((name) => window.quantised.start(name), backend)
      const stored = decoded(await page.evaluate((name) => window.quantised.bytes(name), dtype))
      for (const scheme of ['localstorage', 'indexeddb']) {
        const url = `${scheme}://${backend}-${dtype}`
        await page.evaluate(([to, name]) => window.quantised.save(to, name), [url, dtype] as const)
        const { bits, zeros } = await page.evaluate((from) => window.quantised.load(from), url)
        expect(bits, scheme).toEqual(stored)
        expect(zeros, scheme).toBe((54 + 48) / 2)
      }
    },
  )

  test('saveQuantised downloads files that a file input and fileHandler read', async () => {
    await page.evaluate((name) => window.quantised.start(name), backend)
    const folder = await mkdtemp(join(tmpdir(), 'tfjs-prune-browser-'))
    try {
      const files = await download(folder, () =>
        page.evaluate(() => window.quantised.save('downloads://small', 'uint8')),
      )
      expect(files).toEqual(['small.json', 'small.weights.bin'])
      const { weights, weightSpecs } = await page.evaluate(() => window.quantised.bytes('uint8'))
      expect([...(await readFile(join(folder, 'small.weights.bin')))]).toEqual(weights)
      const artifacts = await fileHandler(join(folder, 'small.json')).load!()
      expect(artifacts.weightSpecs).toEqual(JSON.parse(weightSpecs))
      await page.setInputFiles(
        'input',
        files.map((name) => join(folder, name)),
      )
      const { bits } = await page.evaluate(() => window.quantised.loadFiles())
      expect(bits).toEqual(decoded({ weights, weightSpecs }))
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  test('prune and maskedOptimizer leave no tensor', async () => {
    expect((await outcomeOf(backend)).tensorsLeft).toBe(0)
  })
})

test('the page throws nothing', () => {
  expect(complaints).toEqual([])
})

/** Bits of the weights of a file, decoded by the formulas of the format. */
function decoded({ weights, weightSpecs }: SavedBytes): number[][] {
  const weightData = Uint8Array.from(weights).buffer
  const stored = stockValues({ weightSpecs: JSON.parse(weightSpecs), weightData })
  return Object.values(stored).map(({ values }) => [...new Uint32Array(Float32Array.from(values).buffer)])
}

/** Saves the two files that `start` lets the page download under their names. */
async function download(folder: string, start: () => Promise<unknown>): Promise<string[]> {
  const downloads: Download[] = []
  const listen = (one: Download) => void downloads.push(one)
  page.on('download', listen)
  await start()
  await vi.waitUntil(() => downloads.length === 2, { timeout: 20_000 })
  page.off('download', listen)
  await Promise.all(downloads.map((one) => one.saveAs(join(folder, one.suggestedFilename()))))
  return downloads.map((one) => one.suggestedFilename()).sort()
}

function expectNear(got: readonly number[], wanted: readonly number[]): void {
  expect(got).toHaveLength(wanted.length)
  got.forEach((value, i) => {
    expect(Math.abs(value - wanted[i]!)).toBeLessThan(1e-2)
  })
}
