import { type Tensor, tensor, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { expect } from 'vitest'
import { modelWeights } from '../../../src/internal/model-weights.js'
import { assignValues } from '../../../src/internal/weight-values.js'
import type { Network, Shape } from '../../../src/sparse/network/network.js'
import { randomValues } from '../../support/weights.js'
import { interpret } from './interpret.js'

/**
 * Seeded weights, a third of those of kernels 0, variances positive: a pruned network after
 * training.
 */
export function prunedWeights<T extends LayersModel>(model: T, seed = 1): T {
  modelWeights(model).forEach(({ variable, role, shape }, i) => {
    const values = randomValues(variable.size, seed + i)
    const pruned = randomValues(variable.size, 100 + seed + i)
    assignValues(
      variable,
      values.map((value, place) => {
        if (role.endsWith('variance')) return value * value + 0.1
        return shape.length > 1 && pruned[place]! < -1 / 3 ? 0 : value
      }),
    )
  })
  return model
}

/** Seeded inputs of a network. */
export function inputsOf({ inputs, shapes }: Network, batch: number): Float32Array[] {
  return inputs.map((value, i) => randomValues(batch * sizeOf(shapes[value]!), 7 + i))
}

/** The outputs of a model in tfjs. */
export function predicted(
  model: LayersModel,
  inputs: readonly Float32Array[],
  { shapes, batch }: { shapes: readonly Shape[]; batch: number },
): { values: Float32Array; shape: Shape }[] {
  const outputs: { values: Float32Array; shape: Shape }[] = []
  tidy(() => {
    const tensors = inputs.map((values, i) => tensor(values, [batch, ...shapes[i]!]))
    const made = model.predict(tensors.length === 1 ? tensors[0]! : tensors)
    for (const one of [made].flat() as Tensor[])
      outputs.push({ values: one.dataSync().slice() as Float32Array, shape: one.shape.slice(1) })
  })
  return outputs
}

/** Compares the network, interpreted, with what the model predicts. */
export function expectSameOutputs(model: LayersModel, network: Network, batch = 2): void {
  const inputs = inputsOf(network, batch)
  const shapes = network.inputs.map((value) => network.shapes[value]!)
  const wanted = predicted(model, inputs, { shapes, batch })
  const got = interpret(network, inputs, batch)
  expect(got.length).toBe(wanted.length)
  for (const [i, { values, shape }] of wanted.entries()) {
    expect(network.shapes[network.outputs[i]!]).toEqual(shape)
    expect(farthest(got[i]!, values)).toBeLessThan(1e-5)
    // A network of zeros would be no proof.
    expect(values.some((value) => value !== 0)).toBe(true)
  }
}

/** The largest difference, as a share of the largest value, or of 1. */
export function farthest(got: Float32Array, wanted: Float32Array): number {
  expect(got.length).toBe(wanted.length)
  const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 1)
  return got.reduce((most, value, i) => Math.max(most, distance(value, wanted[i]!)), 0) / largest
}

/** NaN where one of them is. */
function distance(a: number, b: number): number {
  return Object.is(a, b) ? 0 : Math.abs(a - b)
}

function sizeOf(shape: Shape): number {
  return shape.reduce((size, side) => size * side, 1)
}
