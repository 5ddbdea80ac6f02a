import { setFlagsFromString } from 'node:v8'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { compileSparse, workerThreads } from 'tfjs-prune/sparse'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { farthest, predicted, prunedWeights } from './support/compare.js'
import { dice } from './support/random-networks.js'

// Node 20 has the instructions, but behind a flag.
beforeAll(() => setFlagsFromString('--experimental-wasm-relaxed-simd'))

afterEach(() => {
  vi.restoreAllMocks()
})

const shape = [16, 16, 3]

const convolutional = (): LayersModel =>
  prunedWeights(
    sequential({
      layers: [
        layers.conv2d({ filters: 24, kernelSize: 5, activation: 'relu', inputShape: [...shape] }),
        layers.conv2d({ filters: 24, kernelSize: 3 }),
        layers.globalAveragePooling2d({}),
        layers.dense({ units: 5 }),
      ],
    }),
  )

/** How often code has f32x4.relaxed_madd. */
const countFused = (code: Uint8Array): number =>
  code.filter((byte, i) => byte === 0xfd && code[i + 1] === 0x85 && code[i + 2] === 0x02).length

describe('relaxed of compileSparse', () => {
  it.each([1, 16])('relaxed is near tfjs, with threads and without: %i samples', async (batch) => {
    const model = convolutional()
    const input = dice(2).floats(batch * 16 * 16 * 3)
    const [wanted] = predicted(model, [input], { shapes: [shape], batch })
    const threads = workerThreads({ count: 2 })
    const networks = await Promise.all([
      compileSparse(model, { relaxed: true }),
      compileSparse(model, { relaxed: true, threads }),
    ])
    const [alone, shared] = networks.map(({ predict }) => predict(input) as Float32Array)
    expect(farthest(alone!, wanted!.values)).toBeLessThan(1e-5)
    expect(shared).toEqual(alone)
    for (const network of networks) network.dispose()
  })

  it('relaxed takes other instructions where the host has them, and not where it lacks them', async () => {
    const model = convolutional()
    for (const has of [true, false]) {
      vi.resetModules()
      const { compileSparse } = await import('../../src/sparse/compile-sparse.js')
      const compile = vi.spyOn(WebAssembly, 'compile')
      const { validate } = WebAssembly
      vi.spyOn(WebAssembly, 'validate').mockImplementation(
        (code) => (has || countFused(code as Uint8Array) === 0) && validate(code),
      )
      const network = await compileSparse(model, { relaxed: true })
      const counts = compile.mock.calls.map(([code]) => countFused(code as Uint8Array))
      expect(counts.map((count) => count > 0)).toEqual([has])
      network.dispose()
      vi.restoreAllMocks()
    }
  })

  it('relaxed is off where it is left out', async () => {
    vi.resetModules()
    const { compileSparse } = await import('../../src/sparse/compile-sparse.js')
    const compile = vi.spyOn(WebAssembly, 'compile')
    const network = await compileSparse(convolutional())
    expect(compile.mock.calls.map(([code]) => countFused(code as Uint8Array))).toEqual([0])
    network.dispose()
  })
})
