import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { build } from 'esbuild'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { launch } from './launch.js'

const PAGES = 'examples/pages'
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
}

/** The script of a page, bundled from TypeScript; a file of the repository otherwise. */
async function bodyOf(path: string): Promise<Uint8Array> {
  const source = ['.ts', '.tsx'].map((ending) => path.replace(/\.js$/, ending)).find(existsSync)
  if (!path.startsWith(PAGES) || !source || !path.endsWith('.js')) return readFile(path)
  const { outputFiles } = await build({
    entryPoints: [source],
    ...{ bundle: true, format: 'esm', target: 'es2022', platform: 'browser', write: false },
    ...{ jsx: 'automatic', tsconfig: 'tsconfig.json', logLevel: 'error' },
    // With its own vega: beside the newer one of this repository, npm lays tfjs-vis out so that its
    // modules mix both.
    alias: { '@tensorflow/tfjs-vis': '@tensorflow/tfjs-vis/dist/tfjs-vis.umd.min.js' },
  })
  return outputFiles[0]!.contents
}

let browser: Browser
let server: Server
let page: Page
let requests: URL[]
let complaints: string[]

beforeAll(async () => {
  if (!existsSync('dist/tfjs-prune.umd.js'))
    throw new Error('Cannot open the pages: expected a built dist, run `npm run build` first')
  server = createServer(async ({ url = '/' }, response) => {
    const path = join('.', new URL(url, 'http://localhost').pathname)
    const body = await bodyOf(path).catch(() => undefined)
    response.writeHead(body ? 200 : 404, { 'content-type': TYPES[extname(path)] ?? 'text/plain' })
    response.end(body)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  browser = await launch(['--disable-gpu'])
})
afterAll(async () => {
  await browser?.close()
  server?.close()
})

/** Opens a page of the examples on a narrow screen. */
async function open(name: string): Promise<void> {
  page = await browser.newPage({ viewport: { width: 375, height: 800 } })
  requests = []
  complaints = []
  page.on('request', (request) => requests.push(new URL(request.url())))
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (one) => {
    if (one.type() === 'error') complaints.push(one.text())
  })
  const { port } = server.address() as AddressInfo
  // Its modules are bundled when they are asked for, and the machines of a gate are busy.
  const address = `http://127.0.0.1:${port}/${PAGES}/${name}.html`
  await page.goto(address, { timeout: 240_000 })
}

afterEach(async () => {
  if (process.env.SCREENSHOTS) {
    const name = expect.getState().currentTestName!.replace(/\W+/g, '-')
    await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`), fullPage: true })
  }
  await page.close()
})

const stateIs = (text: RegExp) =>
  page.locator('[role=status]').filter({ hasText: text }).waitFor({ timeout: 240_000 })
const levels = () => page.locator('ol li').allTextContents()

/** All comes from this machine, and nothing was complained of. */
function expectQuiet(): void {
  expect(
    requests.filter(({ hostname, protocol }) => hostname !== '127.0.0.1' && protocol !== 'data:'),
  ).toEqual([])
  expect(complaints).toEqual([])
}

describe.each(['script-tag', 'import-map'])('the page %s', (name) => {
  test('prunes to seven levels and tells what is kept, with no bundler', async () => {
    await open(name)
    await stateIs(/^(Done|Failed)/)
    const state = await page.locator('#state').textContent()
    expect(state).toMatch(/^Done: .*; \d+ bytes as a file\.$/)
    const lines = await levels()
    expect(lines).toHaveLength(7)
    expect(lines[0]).toMatch(/^100\.0 % of the weights: \d+ missed, \d+ false alarms$/)
    expect(lines[6]).toMatch(/^1\.6 % of the weights: \d+ missed, \d+ false alarms$/)
    expectQuiet()
  })
})

describe('the component of React', () => {
  test('prunes level by level', async () => {
    await open('react')
    await page.getByRole('button', { name: 'Prune' }).click()
    await stateIs(/^(done|failed|stopped)/)
    expect(await page.locator('[role=status]').textContent()).toBe('done')
    const lines = await levels()
    expect(lines).toHaveLength(7)
    expect(lines[6]).toMatch(/^1\.6 %: \d+ missed, \d+ false alarms$/)
    expectQuiet()
  })

  test('stops when asked to', async () => {
    await open('react')
    await page.getByRole('button', { name: 'Prune' }).click()
    await page.locator('ol li').first().waitFor()
    await page.getByRole('button', { name: 'Stop' }).click()
    await stateIs(/^(done|failed|stopped)/)
    expect(await page.locator('[role=status]').textContent()).toBe('stopped')
    expect((await levels()).length).toBeLessThan(7)
    expectQuiet()
  })
})

describe('the page with tfjs-vis', () => {
  test('draws losses by epoch and by batch, and the misses', async () => {
    await open('vis')
    await stateIs(/^Done$/)
    // tfjs-vis draws with vega, on a canvas or as SVG: one for epochs, one for batches.
    await page.locator('#losses :is(canvas, svg)').nth(1).waitFor()
    expect(await page.locator('#losses :is(canvas, svg)').count()).toBe(2)
    expect(await page.locator('#misses :is(canvas, svg)').count()).toBe(1)
    expectQuiet()
  })
})
