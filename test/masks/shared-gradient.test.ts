import type { Variable } from '@tensorflow/tfjs-core'
import { add, customGrad, ones, type Scalar, sum, type Tensor, train } from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { createMask, maskedOptimizer } from 'tfjs-prune'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { beforeAll, expect, it } from 'vitest'

beforeAll(() => {
  if (process.env.TFJS_BACKEND === 'wasm') registerWasmGradients()
})

const kernel = (name: string, units: number) =>
  layers.dense({ name, units, useBias: false, kernelInitializer: 'ones', inputShape: [units] })

it.each(['adagrad', 'adam', 'sgd'] as const)(
  '%s: a gradient that two variables share is masked for one of them alone',
  (name) => {
    const model = sequential({ layers: [kernel('first', 2), kernel('second', 2)] })
    const masked = { name: 'first/kernel', layer: 'first', role: 'kernel', shape: [2, 2] }
    const mask = createMask([{ ...masked, values: Uint8Array.of(1, 0, 0, 1) }], 8)
    const [w, u] = model.trainableWeights.map((weight) => weight.read() as Variable) as [
      Variable,
      Variable,
    ]
    const same = customGrad((p, q) => ({
      value: add(p as Tensor, q as Tensor),
      gradFunc: (dy) => [dy, dy],
    }))
    const optimizer = maskedOptimizer(model, train[name](0.1), mask)
    optimizer.minimize(() => sum(same(w, u)) as Scalar, false, [w, u])
    const start = ones([2, 2]).dataSync()
    expect([...u.dataSync()].every((value, i) => value < start[i]!)).toBe(true)
    expect([...w.dataSync()].map((value) => value !== 0)).toEqual([true, false, false, true])
    optimizer.dispose()
  },
)

it.each([
  ['adam', () => train.adam(0.1, 0.9, 0.999, 0)],
  ['rmsprop', () => train.rmsprop(0.1, 0.9, 0, 0)],
] as const)('%s with an epsilon of 0 leaves pruned weights at 0', (_, make) => {
  const model = sequential({ layers: [kernel('first', 2)] })
  const masked = { name: 'first/kernel', layer: 'first', role: 'kernel', shape: [2, 2] }
  const mask = createMask([{ ...masked, values: Uint8Array.of(1, 0, 0, 1) }], 4)
  const w = model.trainableWeights[0]!.read() as Variable
  const optimizer = maskedOptimizer(model, make(), mask)
  for (let step = 0; step < 3; step++) optimizer.minimize(() => sum(w) as Scalar, false, [w])
  const [a, b, c, d] = w.dataSync()
  expect([b, c]).toEqual([0, 0])
  expect(Number.isFinite(a) && Number.isFinite(d)).toBe(true)
  optimizer.dispose()
})
