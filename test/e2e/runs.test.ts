import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launch } from './launch.js'
import { type PageServer, servePage } from './serve.js'

let browser: Browser
let server: PageServer
let context: BrowserContext
let whole: Awaited<ReturnType<typeof window.startRun>>

beforeAll(async () => {
  server = await servePage('test/e2e/runs-page.ts')
  browser = await launch([])
  context = await browser.newContext()
  const page = await openPage()
  whole = await page.evaluate(() => window.startRun({}))
  await page.close()
})

afterAll(async () => {
  await browser?.close()
  server?.close()
})

async function openPage(): Promise<Page> {
  const page = await context.newPage()
  await page.goto(server.url)
  await page.waitForFunction(() => typeof window.startRun === 'function')
  return page
}

/** Waits until the lock of run b is held, or free. */
async function untilHeld(page: Page, wanted: boolean): Promise<void> {
  for (let isHeld = !wanted; isHeld !== wanted; ) {
    isHeld = await page.evaluate(async () => {
      const { held = [] } = await navigator.locks.query()
      return held.some(({ name }) => name === 'tfjs-prune-run-b')
    })
  }
}

test('indexedDbStore goes on in another tab after a failure, in a worker too, to the same bits', async () => {
  expect(whole.rounds).toBe(3)
  const first = await openPage()
  const failed = await first.evaluate(() => window.startRun({ name: 'a', failsAfter: 6 }))
  expect(failed).toEqual({ error: 'Error: the end' })
  await first.close()
  const second = await openPage()
  expect(await second.evaluate(() => window.countStored('a'))).toBe(1)
  const again = await second.evaluate(() => window.startInWorker({ name: 'a', failsAfter: 4 }))
  expect(again).toEqual({ error: 'Error: the end' })
  expect(await second.evaluate(() => window.startInWorker({ name: 'a' }))).toEqual(whole)
  await second.close()
})

test('indexedDbStore lets in one tab or worker, and the next one when that is closed', async () => {
  const [first, second] = [await openPage(), await openPage()]
  void first.evaluate(() => void window.startRun({ name: 'b', waitsAfter: 3 }))
  const told =
    /^Error: Cannot write to tfjs-prune-run-b: expected one writer, got another tab, worker or call at work on it/
  // The first run holds the lock from its beginning on.
  await untilHeld(second, true)
  expect((await second.evaluate(() => window.startRun({ name: 'b' }))).error).toMatch(told)
  expect((await second.evaluate(() => window.startInWorker({ name: 'b' }))).error).toMatch(told)
  expect((await first.evaluate(() => window.startRun({ name: 'b' }))).error).toMatch(told)
  await first.close()
  // A browser takes a moment to give the locks of a closed tab back.
  await untilHeld(second, false)
  expect(await second.evaluate(() => window.startRun({ name: 'b' }))).toEqual(whole)
  expect(await second.evaluate(() => window.countStored('b'))).toBe(3)
  await second.close()
})
