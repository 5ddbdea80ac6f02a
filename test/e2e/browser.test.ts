import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Backend, Outcome } from './page.js'
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

  test('prune and maskedOptimizer leave no tensor', async () => {
    expect((await outcomeOf(backend)).tensorsLeft).toBe(0)
  })
})

test('the page throws nothing', () => {
  expect(complaints).toEqual([])
})

function expectNear(got: readonly number[], wanted: readonly number[]): void {
  expect(got).toHaveLength(wanted.length)
  got.forEach((value, i) => {
    expect(Math.abs(value - wanted[i]!)).toBeLessThan(1e-2)
  })
}
