import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import type { Browser, Download, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { fileHandler } from '../../src/files/index.js'
import { putTogether, takeApart } from '../files/container/forge.js'
import { stockValues } from '../files/stock-values.js'
import { launch } from './launch.js'
import type { Backend, Outcome } from './page.js'
import type { SavedBytes } from './quantised-models.js'
import { type PageServer, servePage } from './serve.js'

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
  browser = await launch(['--disable-gpu'])
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
    expect(Object.keys(losses)).toHaveLength(16 * 3)
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

  test('saveCompressed keeps a model in IndexedDB, which compressedHandler gives back to the bit', async () => {
    const url = `indexeddb://${backend}-compressed`
    const trip = (values: 'float32' | 'int8') =>
      page.evaluate(([name, to, type]) => window.compressed.roundTrip(name, to, type), [
        backend,
        url,
        values,
      ] as const)
    const [saved, loaded] = await trip('float32')
    expect(loaded).toEqual(saved)
    expect(loaded.filter((bits) => bits === 0).length).toBeGreaterThanOrEqual((54 + 48) / 2)
    const [exact, rounded] = await trip('int8')
    expect(rounded).not.toEqual(exact)
    expect(rounded.map((bits) => bits === 0)).toEqual(exact.map((bits) => bits === 0))
  })

  test('shrink halves what half of the units fed, and the outputs stay', async () => {
    const { difference, ...outcome } = await page.evaluate(
      (name) => window.shrunk.half(name),
      backend,
    )
    expect(outcome).toEqual({
      parameters: { before: 985, after: 595 },
      multiplyAdds: { before: 144_554, after: 99_910 },
      left: { stem: 8, wide: 6, depthwise: 6, narrow: 8, up: 3, hidden: 5, out: 3 },
      tensorsLeft: 0,
    })
    expect(difference).toBeLessThan(1e-5)
  })

  test('shiftImages and mirrorImages give the pixels of cpu, to the last bit', async () => {
    const [{ images }, { images: expected }] = [await outcomeOf(backend), await outcomeOf('cpu')]
    expect(Object.keys(images)).toHaveLength(9)
    expect(images).toEqual(expected)
  })

  test('prune and maskedOptimizer leave no tensor', async () => {
    expect((await outcomeOf(backend)).tensorsLeft).toBe(0)
  })
})

describe('compressedHandler in Chromium', () => {
  const names = ['float32', 'float16', 'int8', 'codebook4', 'codebook8', 'deflated', 'others']

  test.each(names)(
    'reads the golden file %s from a relative and an absolute URL, bit for bit',
    async (name) => {
      const golden = JSON.parse(await readFile(`test/golden/container/${name}.json`, 'utf8'))
      const views = { float32: Float32Array, int32: Int32Array, bool: Uint8Array }
      const bytesOf = ({ dtype, values }: { dtype: keyof typeof views; values: number[] }) => [
        ...new Uint8Array(views[dtype].from(values).buffer),
      ]
      for (const url of [
        `golden/${name}.tfpr`,
        `/golden/${name}.tfpr`,
        `${server.url}golden/${name}.tfpr`,
      ]) {
        const { weights, progress } = await page.evaluate(
          (from) => window.compressed.read(from),
          url,
        )
        expect(weights).toEqual(golden.weights.map(bytesOf))
        expect(progress.at(-1)).toBe(1)
      }
    },
  )

  test('reads a dropped file, a blob, blob: and data: URLs, a URL with a query and what the server gzips', async () => {
    expect(
      await page.evaluate(() => window.compressed.readFromAll('golden/codebook4.tfpr')),
    ).toEqual([])
  })

  test('refuses every byte with a flipped bit', async () => {
    expect(await page.evaluate(() => window.compressed.unnoticed('golden/others.tfpr'))).toEqual([])
  })

  test('refuses bombs and broken streams behind checksums that hold, and throws nothing beside', async () => {
    const parts = () =>
      takeApart(new Uint8Array(readFileSync('test/golden/container/deflated.tfpr')))
    const refusal = (bytes: Uint8Array) =>
      page.evaluate((list) => window.compressed.refusal(list), [...bytes])
    const task = 'RangeError: Cannot load the model: expected'
    const bomb = deflateRawSync(new Uint8Array(2 ** 24))
    expect(await refusal(putTogether(parts(), { deflated: bomb, claimed: 1000 }))).toMatch(
      `${task} a header of 1000 bytes`,
    )
    const sections = (change: (stream: Uint8Array) => Uint8Array) => {
      const { header, sections: all } = parts()
      const { positionBytes } = header.weights[0]!
      const section = Buffer.concat([
        all[0]!.subarray(0, positionBytes),
        change(all[0]!.subarray(positionBytes)),
      ])
      return putTogether({ header, sections: [section, ...all.slice(1)] })
    }
    for (let cut = 1; cut < 6; cut++) {
      expect(await refusal(sections((stream) => stream.subarray(0, -cut)))).toMatch(
        `${task} values of codebook4`,
      )
    }
    expect(await refusal(sections((stream) => stream.map((byte) => byte ^ 0xff)))).toMatch(
      `${task} values of codebook4`,
    )
  })

  test('refuses an URL that is not there, another file, and what needs Node', async () => {
    const refusal = (url: string) => page.evaluate((from) => window.compressed.refusal(from), url)
    const task = 'RangeError: Cannot load the model: expected'
    expect(await refusal('golden/none-at-all.txt')).toBe(
      `${task} a container at golden/none-at-all.txt, got status 404`,
    )
    expect(await refusal('/page.js')).toBe(
      `${task} a container, which starts with TFPR, got other bytes, in /page.js`,
    )
    expect(await refusal('file:///model.tfpr')).toMatch(
      `${task} Node 20.16 or later for a file:// URL`,
    )
    expect(await refusal('indexeddb://nothing')).toMatch(
      `${task} to read the container, got Cannot find model`,
    )
  })
})

test('the page throws nothing', () => {
  expect(complaints).toEqual([])
})

/** Bits of the weights of a file, decoded by the formulas of the format. */
function decoded({ weights, weightSpecs }: SavedBytes): number[][] {
  const weightData = Uint8Array.from(weights).buffer
  const stored = stockValues({ weightSpecs: JSON.parse(weightSpecs), weightData })
  return Object.values(stored).map(({ values }) => [
    ...new Uint32Array(Float32Array.from(values).buffer),
  ])
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
