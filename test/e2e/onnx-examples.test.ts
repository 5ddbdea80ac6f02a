import { randomUniform, type Tensor } from '@tensorflow/tfjs-core'
import type { Browser, Page } from 'playwright-core'
import { toOnnx } from 'tfjs-prune/onnx'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { runOnnx } from '../onnx/support/run-onnx.js'
import { networkOf } from './example-networks.js'
import { launch } from './launch.js'
import { type PageServer, servePage } from './serve.js'

let [browser, server, page]: [Browser?, PageServer?, Page?] = []

beforeAll(async () => {
  // The networks are the same, and fewer pictures are read.
  vi.stubEnv('EXAMPLES', 'short')
  server = await servePage('test/e2e/onnx-page.ts')
  browser = await launch(['--disable-gpu'])
  page = await browser.newPage()
  await page.goto(server.url)
  await page.waitForFunction(() => typeof window.runFile === 'function')
})

afterAll(async () => {
  vi.unstubAllEnvs()
  await browser?.close()
  server?.close()
})

/** Largest difference of two lists, as a share of the largest value. */
function differenceOf(wanted: ArrayLike<number>, got: ArrayLike<number>): number {
  expect(got.length).toBe(wanted.length)
  const most = Math.max(...Array.from(wanted, Math.abs))
  return Math.max(...Array.from(wanted, (value, i) => Math.abs(value - got[i]!))) / most
}

const examples: Readonly<Record<string, () => Promise<unknown>>> = {
  quickstart: () => import('../../examples/quickstart.js'),
  certificate: () => import('../../examples/certificate.js'),
  'class-conditional': () => import('../../examples/class-conditional.js'),
  'custom-criterion': () => import('../../examples/custom-criterion.js'),
  'mnist-cnn': () => import('../../examples/mnist-cnn.js'),
  'mnist-two-digits': () => import('../../examples/mnist-two-digits.js'),
  'own-loop': () => import('../../examples/own-loop.js'),
  report: () => import('../../examples/report.js'),
  'smaller-files': () => import('../../examples/smaller-files.js'),
  'smaller-network': () => import('../../examples/smaller-network.js'),
  'stored-run': () => import('../../examples/stored-run.js'),
}

test.each(Object.keys(examples))(
  'onnxruntime runs the network of %s, in Node and Chromium',
  async (name) => {
    vi.spyOn(console, 'log').mockImplementation(() => {})
    const model = await networkOf(examples[name]!)
    const file = await toOnnx(model)
    const [input] = model.inputs
    const xs = randomUniform([3, ...(input!.shape.slice(1) as number[])], -1, 1, 'float32', 1)
    const wanted = (model.predict(xs) as Tensor).dataSync()
    const [inNode] = Object.values(await runOnnx(file, { [model.inputNames[0]!]: xs }))
    const inChromium = await page!.evaluate(
      ([bytes, values, dims]) => window.runFile(bytes, values, dims),
      [Buffer.from(file).toString('base64'), [...xs.dataSync()], xs.shape] as const,
    )
    for (const got of [inNode!.dataSync(), inChromium])
      expect(differenceOf(wanted, got)).toBeLessThan(1e-5)
    model.dispose()
  },
)

test('toOnnx refuses the network of the example of an own class, by its name', async () => {
  const model = await networkOf(() => import('../../examples/layer-kind.js'))
  await expect(toOnnx(model)).rejects.toThrow('got first (GainConv2D): its class is not known')
  model.dispose()
})
