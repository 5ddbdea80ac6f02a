/**
 * The page of `examples/page` in Chromium: bytes after gzip, milliseconds from the first request to
 * the first answers, and milliseconds a picture, beside tfjs on wasm and on webgl. Wall time, the
 * least of several visits. Chromium draws on the processor here, so that webgl is no GPU's.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { saveCompressed } from 'tfjs-prune/files'
import { bundlePage } from '../examples/page/bundle.js'
import type { Row } from '../examples/page/rows.js'
import { serveFolder } from '../examples/page/serve.js'
import { startStockWasm } from '../examples/support/backend.js'
import { launch } from '../test/e2e/launch.js'
import { report } from './support/measure.js'
import { alexNet, referenceCnn } from './support/networks.js'
import { pruned } from './support/pruned.js'

/** On webgl without a GPU, AlexNet would take minutes for 16 pictures: it is left out. */
const networks = {
  'AlexNet 224': { build: alexNet, rows: 2 },
  'reference CNN': { build: referenceCnn, rows: 3 },
}
const DENSITIES = [0.0312, 0.0157]
const PICTURES = 16
const VISITS = 3

/** Bytes that look like noise and are the same each time. */
function noise(length: number): Uint8Array {
  let state = 1
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state >>> 24
  })
}

/** The first rows of the page's table, measured in a new browser. */
async function visit(url: string, rows: number): Promise<Row[]> {
  const browser = await launch(['--disable-gpu'])
  try {
    const page = await browser.newPage()
    await page.goto(url)
    await page.click('#compare:enabled', { timeout: 120_000 })
    const done = `#problem:not(:empty), #rows tr:nth-child(${rows})`
    await page.waitForSelector(done, { state: 'attached', timeout: 300_000 })
    const problem = await page.locator('#problem').textContent()
    if (problem) throw new Error(problem)
    return await page
      .locator('#rows tr')
      .evaluateAll((all) => all.map((row) => JSON.parse((row as HTMLElement).dataset.row!) as Row))
  } finally {
    await browser.close()
  }
}

/** The least of each of the times of some visits. */
function least(rows: readonly Row[]): Row {
  const of = (time: 'firstAnswer' | 'single' | 'batch') => Math.min(...rows.map((row) => row[time]))
  return { ...rows[0]!, firstAnswer: of('firstAnswer'), single: of('single'), batch: of('batch') }
}

export async function run(): Promise<void> {
  await startStockWasm()
  const folder = mkdtempSync(join(tmpdir(), 'tfjs-prune-page-'))
  await bundlePage(folder)
  const { url, close } = await serveFolder(folder)
  try {
    for (const [network, { build, rows }] of Object.entries(networks)) {
      for (const density of DENSITIES) {
        const model = await pruned(build, density)
        await saveCompressed(model, join(folder, 'model.tfpr'))
        const size = model.inputs[0]!.shape.slice(1).reduce<number>((all, side) => all * side!, 1)
        writeFileSync(join(folder, 'pictures.bin'), noise(PICTURES * size))
        model.dispose()
        const visits: Row[][] = []
        for (let i = 0; i < VISITS; i++) visits.push(await visit(url, rows))
        const load = loadavg()[0]!
        for (const i of visits[0]!.keys()) {
          const { name, ...figures } = least(visits.map((visited) => visited[i]!))
          report({ bench: 'page', network, density, 'run by': name, ...figures, load })
        }
      }
    }
  } finally {
    close()
    rmSync(folder, { recursive: true })
  }
}
