import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launch } from './launch.js'
import { type PageServer, servePage } from './serve.js'

let browser: Browser
let server: PageServer
let page: Page

beforeAll(async () => {
  server = await servePage('test/e2e/memory-page.ts')
  browser = await launch(['--disable-gpu', '--js-flags=--expose-gc'])
  page = await browser.newPage()
  await page.goto(server.url)
  await page.waitForFunction(() => window.memoryTests !== undefined)
})

afterAll(async () => {
  await browser?.close()
  server?.close()
})

const REFUSAL =
  /^RangeError: Cannot compile a sparse network: expected [\d.]+ MB of memory.*got a host that refuses/

describe('compileSparse in Chromium', () => {
  test('refuses a network that no memory holds, and leaves nothing behind', async () => {
    const { messages, left } = await page.evaluate(() => window.memoryTests.tooLarge())
    expect(messages).toHaveLength(1)
    expect(messages[0]).toMatch(REFUSAL)
    expect(left).toBe(0)
  })

  test('says that the browser gives no memory; a network in use keeps its weights', async () => {
    const outcome = await page.evaluate(() => window.memoryTests.refused())
    expect(outcome.compiling).toMatch(REFUSAL)
    expect(outcome.updating).toMatch(REFUSAL)
    expect(outcome.before.some((value) => value !== 0)).toBe(true)
    expect(outcome.kept).toEqual(outcome.before)
    expect(outcome.updated).toEqual(outcome.before)
  })

  test('says that a batch finds no memory, runs the next image, and the batch later', async () => {
    const outcome = await page.evaluate(() => window.memoryTests.refusedBatch())
    expect(outcome.messages).toHaveLength(1)
    expect(outcome.messages[0]).toMatch(REFUSAL)
    expect(outcome.kept).toEqual(outcome.before)
    expect(outcome.batch).toEqual(outcome.before)
    expect(new Set(outcome.bytes).size).toBe(1)
  })

  test('holds no memory of a network disposed of, where networks in use hold all', async () => {
    const count = 300
    const inUse = await page.evaluate(
      (many) => window.memoryTests.many(many, { dispose: false }),
      count,
    )
    expect(inUse.message).toMatch(REFUSAL)
    expect(inUse.left).toBe(inUse.compiled)
    expect(inUse.compiled).toBeLessThan(count)
    expect(inUse.leftAfterDispose).toBe(0)
    const disposed = await page.evaluate(
      (many) => window.memoryTests.many(many, { dispose: true }),
      count,
    )
    expect(disposed).toEqual({
      compiled: count,
      left: 0,
      leftAfterDispose: 0,
      message: 'no error',
    })
  })
})
