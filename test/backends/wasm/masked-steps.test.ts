import {
  dispose,
  mean,
  mul,
  type Optimizer,
  type Scalar,
  setBackend,
  square,
  type Tensor,
  tidy,
  train,
  type Variable,
} from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { randomStream } from '../../../src/internal/random.js'
import { withMasks } from '../../../src/layers/with-masks.js'
import { applyMask } from '../../../src/masks/apply-mask.js'
import { maskedOptimizer } from '../../../src/masks/masked-optimizer.js'
import { countDense, denseCallsOf, maskOf } from './masked-support.js'
import { noise } from './support.js'

interface Sizes {
  readonly inputShape: [number, number, number]
  readonly layers: readonly (readonly [filters: number, kernelSize: number, strides: number])[]
  readonly units: number
  readonly padding: 'same' | 'valid'
  readonly activation: 'relu' | 'linear' | 'tanh'
  readonly batch: number
  readonly density: number
}

function drawSizes(seed: number): Sizes {
  const { below } = randomStream(seed)
  const among = <T>(list: readonly T[]): T => list[below(list.length)]!
  return {
    inputShape: [8 + below(3), 8 + below(3), 1 + below(4)],
    layers: Array.from({ length: below(3) }, () => [1 + below(7), 1 + below(3), 1 + below(2)]),
    units: 1 + below(12),
    padding: among(['same', 'valid']),
    activation: among(['relu', 'linear', 'tanh']),
    batch: among([1, 3, 16, 32, 33]),
    density: among([0.05, 0.2, 0.5, 0.9]),
  }
}

/** A network of these sizes with weights that are always the same. */
function network({ inputShape, layers: sizes, units, padding, activation }: Sizes): LayersModel {
  const convolutions = sizes.map(([filters, kernelSize, strides], index) =>
    layers.conv2d({
      ...{ filters, kernelSize, strides, padding, activation },
      ...(index === 0 && { inputShape }),
    }),
  )
  const flatten = layers.flatten(sizes.length === 0 ? { inputShape } : {})
  const dense = [layers.dense({ units, activation }), layers.dense({ units: 2 })]
  const model = sequential({ layers: [...convolutions, flatten, ...dense] })
  const weights = model.weights.map(({ shape }, index) =>
    mul(0.3, noise(shape as number[], index + 1)),
  )
  model.setWeights(weights)
  dispose(weights)
  return model
}

const optimizers: readonly (() => Optimizer)[] = [
  () => train.sgd(0.01),
  () => train.momentum(0.01, 0.9),
  () => train.adam(0.01, 0.9, 0.999, 1e-3),
]

/** The weights after three steps; the last of them has every weight settled. */
async function weightsAfter(backend: 'cpu' | 'wasm', seed: number, layered: boolean) {
  await setBackend(backend)
  const sizes = drawSizes(seed)
  const source = network(sizes)
  const mask = maskOf(source, sizes.density, seed)
  applyMask(source, mask)
  const model = layered ? withMasks(source, mask) : source
  const inner = optimizers[seed % 3]!()
  const optimizer = layered ? inner : maskedOptimizer(source, inner, mask)
  const input = noise([sizes.batch, ...sizes.inputShape], 50)
  const variables = model.trainableWeights.map((weight) => weight.read() as Variable)
  const cost = () => {
    const outputs = model.apply(input, { training: true }) as Tensor
    return mean(square(outputs)) as Scalar
  }
  const step = () => optimizer.minimize(() => tidy(cost), false, variables)
  step()
  step()
  const calls = denseCallsOf(step)
  const values = variables.map((each) => each.dataSync().slice() as Float32Array)
  optimizer.dispose()
  if (layered) model.dispose()
  source.dispose()
  input.dispose()
  await setBackend('wasm')
  return { calls, values }
}

describe.skipIf(process.env.TFJS_BACKEND !== 'wasm')('a step without pruned weights', () => {
  beforeAll(countDense)

  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'is that of the cpu backend to 1e-5, with zeros at the same places: network %i',
    async (seed) => {
      const layered = seed % 4 === 3
      const there = await weightsAfter('cpu', seed, layered)
      const here = await weightsAfter('wasm', seed, layered)
      expect(here.calls).toEqual({})
      for (const [index, values] of there.values.entries()) {
        const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1)
        values.forEach((value, place) => {
          const ours = here.values[index]![place]!
          expect(Math.abs(value - ours)).toBeLessThan(1e-5 * largest)
          expect(Object.is(ours, 0)).toBe(Object.is(value, 0))
        })
      }
    },
  )
})
