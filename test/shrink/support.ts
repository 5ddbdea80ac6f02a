import { io, type Tensor, tensor } from '@tensorflow/tfjs-core'
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers'
import { expect } from 'vitest'
import { groupAlong } from '../../src/granularity/group-along.js'
import { countParameters, modelWeights } from '../../src/internal/model-weights.js'
import { assignValues } from '../../src/internal/weight-values.js'
import { applyMask } from '../../src/masks/apply-mask.js'
import { createMask, type Mask } from '../../src/masks/mask.js'
import type { Shrunk } from '../../src/shrink/cut-model.js'
import { type ShrinkOptions, shrink } from '../../src/shrink/shrink.js'
import { artifactsOf } from '../layers/save-models.js'
import { randomValues } from '../support/weights.js'

/** Gives weights of the given names new values. */
export function setWeights<T extends LayersModel>(
  model: T,
  values: Readonly<Record<string, readonly number[]>>,
): T {
  const weights = new Map(modelWeights(model).map((weight) => [weight.name, weight.variable]))
  for (const [name, list] of Object.entries(values))
    assignValues(weights.get(name)!, Float32Array.from(list))
  return model
}

/** Values of a weight. */
export function weightOf(model: LayersModel, name: string): number[] {
  return [
    ...modelWeights(model)
      .find((weight) => weight.name === name)!
      .variable.dataSync(),
  ]
}

/**
 * A mask that drops the places of an axis of weights, e.g.
 * `{ 'conv/kernel': { axis: 3, drop: [0] } }`.
 */
export function dropping(
  model: LayersModel,
  places: Readonly<Record<string, { readonly axis: number; readonly drop: readonly number[] }>>,
): Mask {
  const weights = modelWeights(model)
    .filter(({ name }) => places[name])
    .map(({ name, layer, role, shape }) => {
      const { axis, drop } = places[name]!
      const values = Uint8Array.from(groupAlong(shape, [axis]).of, (place) =>
        Number(!drop.includes(place)),
      )
      return { name, layer, role, shape, values }
    })
  return createMask(weights, countParameters(model))
}

/** Seeded inputs for a model, sides that it leaves open as given. */
export function inputsFor(model: LayersModel, seed = 11, open = 3): Tensor[] {
  return model.inputs.map(({ shape }, i) => {
    const sides = shape.map((side) => side ?? open)
    const size = sides.reduce((product, side) => product * side, 1)
    return tensor(randomValues(size, seed + i), sides)
  })
}

/** All outputs of a model, one list an output. */
export function outputsOf(model: LayersModel, inputs: readonly Tensor[]): number[][] {
  const outputs = [model.predict([...inputs])].flat()
  const values = outputs.map((output) => [...output.dataSync()])
  for (const output of outputs) output.dispose()
  return values
}

/** Largest difference of the outputs as a share of the largest value. */
export function differenceOf(wanted: readonly number[][], got: readonly number[][]): number {
  expect(got.map(({ length }) => length)).toEqual(wanted.map(({ length }) => length))
  return Math.max(
    ...wanted.map((values, i) => {
      const largest = Math.max(...values.map(Math.abs), 1e-6)
      return Math.max(...values.map((value, j) => Math.abs(value - got[i]![j]!))) / largest
    }),
  )
}

/**
 * Shrinks a model and checks what holds for each: other inputs than the probes give what the masked
 * model gives, the given model is as it was, and stock tfjs saves and loads the result. The caller
 * disposes the model within.
 */
export async function shrinkSafely(
  model: LayersModel,
  mask?: Mask,
  { inputs = inputsFor(model), ...options }: ShrinkOptions & { inputs?: readonly Tensor[] } = {},
): Promise<Shrunk> {
  const before = modelWeights(model).map(({ variable }) => [...variable.dataSync()])
  const shrunk = await shrink(model, { ...options, ...(mask && { mask }) })
  expect(modelWeights(model).map(({ variable }) => [...variable.dataSync()])).toEqual(before)
  const outputs = outputsOf(shrunk.model, inputs)
  if (mask) applyMask(model, mask)
  expect(differenceOf(outputsOf(model, inputs), outputs)).toBeLessThan(1e-5)
  const loaded = await loadLayersModel(io.fromMemory(await artifactsOf(shrunk.model)))
  expect(outputsOf(loaded, inputs)).toEqual(outputs)
  loaded.dispose()
  for (const input of inputs) input.dispose()
  return shrunk
}

/** Channels after shrinking, by layer. */
export function sizesAfter({ layers }: Shrunk): Record<string, number> {
  return Object.fromEntries(layers.map(({ layer, after }) => [layer, after]))
}
