import { add, floor, getBackend, randomUniform, type Tensor, tidy } from '@tensorflow/tfjs-core'
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { channelLayout } from '../../src/files/codecs/channel-layout.js'
import { codecs, compressedTypes } from '../../src/files/codecs/codecs.js'
import { compressedHandler } from '../../src/files/compressed-handler.js'
import type { CompressedType } from '../../src/files/model/value-type.js'
import { type ModelWeight, modelWeights } from '../../src/internal/model-weights.js'
import { randomStream } from '../../src/internal/random.js'
import { assignValues } from '../../src/internal/weight-values.js'
import { buildModel, type ModelPlan, modelPlans } from '../support/random-models.js'
import { bitsOf, weightsByName } from '../support/weights.js'
import { pack } from './container/forge.js'

type Keep = (flat: number) => boolean

/** Which weights stay: all, none, one, all but one, whole units and rows, or a share of them. */
const SPARSITIES: Readonly<Record<string, (size: number, last: number, seed: number) => Keep>> = {
  'none zero': () => () => true,
  'all zero': () => () => false,
  'all but one zero': (size, _, seed) => (flat) => flat === seed % size,
  'one zero': (size, _, seed) => (flat) => flat !== seed % size,
  'whole units': (_, last, seed) => (flat) => ((flat % last) + seed) % 2 === 0,
  'whole rows': (_, last, seed) => (flat) => (Math.floor(flat / last) + seed) % 3 === 0,
  'a tenth': (_, __, seed) => chance(seed, 0.1),
  half: (_, __, seed) => chance(seed, 0.5),
}

function chance(seed: number, density: number): Keep {
  const { uniform } = randomStream(seed)
  return () => uniform() < density
}

/** Sets weights to zero, to -0 where they were negative. */
function thinOut(model: LayersModel, sparsity: string, seed: number): void {
  for (const { variable, shape } of modelWeights(model)) {
    const keep = SPARSITIES[sparsity]!(variable.size, shape.at(-1) ?? 1, seed)
    assignValues(
      variable,
      (variable.dataSync() as Float32Array).map((value, flat) => (keep(flat) ? value : 0 * value)),
    )
  }
}

/**
 * tfjs finds weights by the names of their layers: files of models with one name twice are refused,
 * see below.
 */
function isLoadable(model: LayersModel): boolean {
  const names = model.weights.map(({ originalName }) => originalName)
  return new Set(names).size === names.length
}

async function withLoaded(file: Uint8Array, use: (loaded: LayersModel) => void): Promise<void> {
  const loaded = await loadLayersModel(compressedHandler(file))
  use(loaded)
  loaded.dispose()
}

const cases = fc.record({ plan: modelPlans, sparsity: fc.constantFrom(...Object.keys(SPARSITIES)) })

test('saveCompressed gives back 50 random models: float32 to the bit, the other types within their bounds', async () => {
  const blocks = new Set<string>()
  let [count, compared] = [0, 0]
  await fc.assert(
    fc.asyncProperty(cases, async ({ plan, sparsity }) => {
      const model = buildModel(plan)
      fc.pre(isLoadable(model))
      thinOut(model, sparsity, plan.seed)
      for (const type of compressedTypes) {
        await withLoaded(await pack(model, { type }), (copy) => expectNear(copy, model, type))
      }
      await withLoaded(await pack(model), (copy) => {
        if (expectEqual(copy, model, plan)) compared++
      })
      model.dispose()
      for (const block of plan.blocks) blocks.add(block)
      count++
    }),
    { numRuns: 50, seed: 5 },
  )
  expect(count).toBe(50)
  expect(compared).toBeGreaterThan(25)
  for (const block of [
    'dense',
    'conv2d',
    'lstm',
    'bidirectional',
    'nestedApart',
    'sharedDense',
    'depthwise',
    'transposed',
  ]) {
    expect(blocks).toContain(block)
  }
})

/** Weights with -0 as +0, and outputs; false where there are none. */
function expectEqual(copy: LayersModel, model: LayersModel, plan: ModelPlan): boolean {
  const wanted = weightsByName(model)
  for (const [name, values] of Object.entries(weightsByName(copy))) {
    expect(bitsOf(values), name).toEqual(bitsOf(wanted[name]!.map((value) => value + 0)))
  }
  const outputs = outputsOf(model, plan)
  expect(outputsOf(copy, plan)).toEqual(outputs)
  return outputs !== undefined
}

/**
 * Undefined where tfjs cannot run the model: batch normalisation of volumes, or a kernel that a
 * backend lacks; nor does wasm compute transposed convolutions of volumes from their inputs alone.
 */
function outputsOf(model: LayersModel, { input, blocks, seed }: ModelPlan): number[] | undefined {
  if (getBackend() === 'wasm' && input === 'volume' && blocks.includes('transposed'))
    return undefined
  const batch = randomUniform(
    model.inputs[0]!.shape.map((side) => side ?? 3),
    0,
    5,
    'float32',
    seed,
  )
  try {
    return tidy(() =>
      bitsOf(add(model.predict(input === 'tokens' ? floor(batch) : batch) as Tensor, 0)),
    )
  } catch (error) {
    expect((error as Error).message).toMatch(/not implemented|not registered/)
    return undefined
  } finally {
    batch.dispose()
  }
}

function expectNear(copy: LayersModel, model: LayersModel, type: CompressedType): void {
  const copies = weightsByName(copy)
  for (const weight of modelWeights(model)) {
    const values = weight.variable.dataSync() as Float32Array
    const errors = values.map((value, flat) => {
      const got = copies[weight.name]![flat]!
      if (value === 0) expect(Object.is(got, 0), `${weight.name}[${flat}]`).toBe(true)
      return Math.abs(got - value)
    })
    const stored = weight.shape.length > 1 ? type : 'float32'
    if (stored.startsWith('codebook'))
      expectSmallMean(errors, values, codecs[stored as CompressedType].bits)
    else
      for (const [flat, most] of bounds(weight, stored).entries())
        expect(errors[flat]).toBeLessThanOrEqual(most)
  }
}

/** Largest error of each value. */
function bounds({ owner, variable, ...place }: ModelWeight, type: CompressedType): Float64Array {
  const values = variable.dataSync() as Float32Array
  if (type === 'float32') return new Float64Array(values.length)
  if (type === 'float16')
    return Float64Array.from(values, (value) => Math.max(2 ** -11 * Math.abs(value), 2 ** -25))
  const { stride, count } = channelLayout({ ...place, className: owner.getClassName() })
  const channelOf = (flat: number) => Math.floor(flat / stride) % count
  const largest = new Float64Array(count)
  values.forEach((value, flat) => {
    largest[channelOf(flat)] = Math.max(largest[channelOf(flat)]!, Math.abs(value))
  })
  const least = (2 ** (-255 / 16) / 254) * Math.max(...largest)
  return Float64Array.from(values, (value, flat) => {
    return (
      Math.max((2 ** (1 / 16) / 254) * largest[channelOf(flat)]!, least) +
      2 ** -23 * Math.abs(value)
    )
  })
}

/**
 * K-means starts at 2^bits values spread evenly over the range, and no step makes the sum of
 * squares larger.
 */
function expectSmallMean(errors: Float32Array, values: Float32Array, bits: number): void {
  const kept = values.filter((value) => value !== 0)
  if (kept.length === 0) return
  const range = Math.max(...kept) - Math.min(...kept)
  const meanSquare = errors.reduce((sum, error) => sum + error * error, 0) / kept.length
  expect(Math.sqrt(meanSquare)).toBeLessThanOrEqual(
    (range / (2 ** bits - 1) / 2) * (1 + 1e-6) + 1e-7,
  )
}
