import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { launch } from './launch.js'
import { servePage } from './serve.js'

const ISOLATED = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
}
let browser: Browser

beforeAll(async () => {
  browser = await launch(['--disable-gpu'])
})

afterAll(() => browser?.close())

/** Opens the page with headers, runs its network and waits until its worker has ended. */
async function outcome(headers: Readonly<Record<string, string>>) {
  const server = await servePage('test/e2e/threads-page.ts', headers)
  const page = await browser.newPage()
  try {
    await page.goto(server.url)
    await page.waitForFunction(() => typeof window.runThreads === 'function')
    const run = await page.evaluate(() => window.runThreads(2))
    await vi.waitFor(() => expect(page.workers()).toHaveLength(0), { timeout: 20_000 })
    return run
  } finally {
    await page.close()
    server.close()
  }
}

describe('in Chromium', () => {
  test('workerThreads keeps the bits on a page that is isolated, and leaves no worker', async () => {
    const { same, taken } = await outcome(ISOLATED)
    expect(same).toBe(true)
    expect(taken).toBeGreaterThan(0)
  })

  test('workerThreads names the headers that a page lacks', async () => {
    await expect(outcome({})).rejects.toThrow(/Cross-Origin-Opener-Policy: same-origin/)
  })

  test('workerThreads names a policy that forbids its workers', async () => {
    const policy = "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'"
    await expect(outcome({ ...ISOLATED, 'content-security-policy': policy })).rejects.toThrow(
      /expected a worker, got one that does not start.*blob: in worker-src/,
    )
  })
})
