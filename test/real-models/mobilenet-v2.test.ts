import { io, memory, type Tensor4D, tensor4d } from '@tensorflow/tfjs-core'
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers'
import {
  applyMask,
  computeMask,
  globally,
  type Mask,
  masksOf,
  perLayer,
  stripMasks,
  withMasks,
} from 'tfjs-prune'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { randomStream } from '../../src/internal/random.js'
import { artifactsOf } from '../layers/save-models.js'
import { bitsOf, countAlive, countRevived } from '../support/weights.js'
import { loadMobileNetV2 } from './nsfw.js'

// One image takes 0.3 s on wasm and a minute on the cpu backend: what is tested does not depend on
// it.
const onWasm = process.env.TFJS_BACKEND === 'wasm'

const DENSITY = 0.1
const NEGATIVE_ZERO = 0x8000_0000

let image: Tensor4D
beforeAll(() => {
  const { uniform } = randomStream(7)
  image = tensor4d(Float32Array.from({ length: 224 * 224 * 3 }, uniform), [1, 224, 224, 3])
})
afterAll(() => image.dispose())

function outputBits(of: LayersModel): number[] {
  const outputs = of.predict(image)
  if (Array.isArray(outputs)) throw new Error('one output is expected')
  const values = (outputs.dataSync() as Float32Array).slice()
  expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 4)
  outputs.dispose()
  return bitsOf(values)
}

/** The bits of all saved float32 weights. */
function savedBits({ weightData }: io.ModelArtifacts): Uint32Array {
  const buffers = Array.isArray(weightData) ? weightData : [weightData!]
  expect(buffers).toHaveLength(1)
  return new Uint32Array(buffers[0]!)
}

const expectedCounts = ({ weights, size }: Mask) => ({
  perLayer: weights.map(({ values }) => Math.max(1, Math.round(values.length * DENSITY))),
  globally: Math.round(size * DENSITY),
})

describe.runIf(onWasm)('MobileNetV2 of nsfwjs 4.3.0', () => {
  let model: LayersModel
  beforeAll(async () => {
    model = await loadMobileNetV2()
  })
  afterAll(() => model.dispose())

  test('MobileNetV2 loads with the kernels that are to be pruned', async () => {
    const { weights, size, parameters } = await computeMask(model, { density: 1 })
    const roles = weights.map(({ role }) => role)
    expect([size, parameters, new Set(roles)]).toEqual([
      2_256_000,
      2_619_461,
      new Set(['kernel', 'depthwise_kernel']),
    ])
  })

  test.each([
    { way: 'per layer', allocate: perLayer() },
    { way: 'globally', allocate: globally() },
  ])(
    'MobileNetV2 keeps exactly a tenth $way, and stock tfjs saves and loads it',
    async ({ way, allocate }) => {
      const pruned = await loadMobileNetV2()
      const dense = outputBits(pruned)
      const before = memory().numTensors
      const mask = await computeMask(pruned, { density: DENSITY, allocate })
      applyMask(pruned, mask)
      expect(memory().numTensors).toBe(before)
      const counts = expectedCounts(mask)
      if (way === 'per layer') expect(mask.weights.map(({ kept }) => kept)).toEqual(counts.perLayer)
      else expect(mask.kept).toBe(counts.globally)
      expect(countRevived(pruned, mask)).toBe(0)
      expect(countAlive(pruned, mask)).toBeLessThanOrEqual(mask.kept)
      const bits = outputBits(pruned)
      expect(bits).not.toEqual(dense)

      const artifacts = await artifactsOf(pruned)
      expect(savedBits(artifacts).includes(NEGATIVE_ZERO)).toBe(false)
      const loaded = await loadLayersModel(io.fromMemory(artifacts))
      expect(outputBits(loaded)).toEqual(bits)
      expect(countRevived(loaded, mask)).toBe(0)
      pruned.dispose()
      loaded.dispose()
    },
  )

  test('MobileNetV2 computes the same with masking layers, and the same again without them', async () => {
    const mask = await computeMask(model, { density: DENSITY, allocate: globally() })
    const masked = withMasks(model, mask)
    const stripped = stripMasks(masked)
    const same = masksOf(masked).weights.every(
      ({ values }, i) => Buffer.compare(values, mask.weights[i]!.values) === 0,
    )
    expect(same).toBe(true)
    const bits = outputBits(masked)
    expect(outputBits(stripped)).toEqual(bits)

    const artifacts = await artifactsOf(stripped)
    expect(JSON.stringify(artifacts.modelTopology)).not.toMatch(/mask(ed|ing)/i)
    expect(savedBits(artifacts).includes(NEGATIVE_ZERO)).toBe(false)
    const loaded = await loadLayersModel(io.fromMemory(artifacts))
    expect(outputBits(loaded)).toEqual(bits)
    expect(countRevived(loaded, mask)).toBe(0)
    for (const one of [masked, stripped, loaded]) one.dispose()
  })
})
