import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launch } from './launch.js'
import { servePage } from './serve.js'

let browser: Browser

beforeAll(async () => {
  browser = await launch(['--disable-gpu'])
})

afterAll(() => browser?.close())

test('toOnnx writes a file in a page that onnxruntime-web runs there', async () => {
  const server = await servePage('test/e2e/onnx-page.ts')
  const page = await browser.newPage()
  try {
    await page.goto(server.url)
    await page.waitForFunction(() => typeof window.runOnnx === 'function')
    const { difference, largest } = await page.evaluate(() => window.runOnnx())
    expect(largest).toBeGreaterThan(0.5)
    expect(difference / largest).toBeLessThan(1e-5)
  } finally {
    await page.close()
    server.close()
  }
})
