import {
  input,
  type LayersModel,
  layers,
  model as modelOf,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers'
import fc from 'fast-check'
import { groupAlong } from '../../src/granularity/group-along.js'
import { countParameters, modelWeights } from '../../src/internal/model-weights.js'
import { randomStream } from '../../src/internal/random.js'
import { assignValues } from '../../src/internal/weight-values.js'
import { unitAxes } from '../../src/layer-kinds/weight-axes.js'
import { createMask, type Mask } from '../../src/masks/mask.js'
import { through } from '../support/through.js'
import { fillWeights } from '../support/weights.js'

/** Layers from one tensor to another one of the same sides. */
const SINGLE: Record<string, (width: number) => layers.Layer> = {
  conv1: (filters) =>
    layers.conv2d({ filters, kernelSize: 1, activation: 'sigmoid', useBias: false }),
  conv2: (filters) =>
    layers.conv2d({ filters, kernelSize: 2, padding: 'same', activation: 'relu' }),
  conv3: (filters) => layers.conv2d({ filters, kernelSize: 3, padding: 'same' }),
  separable: (filters) =>
    layers.separableConv2d({ filters, kernelSize: 3, padding: 'same', activation: 'tanh' }),
  depthwise: () => layers.depthwiseConv2d({ kernelSize: 3, padding: 'same', depthMultiplier: 2 }),
  transposed: (filters) => layers.conv2dTranspose({ filters, kernelSize: 2, padding: 'same' }),
  norm: () => layers.batchNormalization(),
  slope: () => layers.prelu({}),
  elu: () => layers.elu({}),
  layerNorm: () => layers.layerNormalization(),
  pool: () => layers.averagePooling2d({ poolSize: 2, strides: 1, padding: 'same' }),
}

/** Layers that join two tensors. */
const JOINING: Record<string, () => layers.Layer> = {
  add: () => layers.add(),
  maximum: () => layers.maximum(),
  multiply: () => layers.multiply(),
  concatenate: () => layers.concatenate(),
}

/** A graph as plain data: each step reads tensors made before, counted from the last one. */
export interface GraphPlan {
  readonly steps: readonly {
    readonly layer: string
    readonly from: number
    readonly other: number
    readonly width: number
  }[]
  readonly seed: number
}

export const graphPlans: fc.Arbitrary<GraphPlan> = fc.record({
  steps: fc.array(
    fc.record({
      layer: fc.constantFrom(
        ...Object.keys(SINGLE),
        ...Object.keys(JOINING),
        ...Object.keys(JOINING),
      ),
      from: fc.nat(2),
      other: fc.nat(4),
      width: fc.integer({ min: 1, max: 4 }),
    }),
    { minLength: 2, maxLength: 9 },
  ),
  seed: fc.nat(999),
})

/**
 * Builds a graph over images of 4 x 4 with two channels, one classifier behind all that is not
 * read.
 */
export function buildGraph({ steps, seed }: GraphPlan): LayersModel {
  const x = input({ shape: [4, 4, 2] })
  const made = [x]
  const read = new Set<SymbolicTensor>()
  for (const { layer, from, other, width } of steps) {
    const back = (count: number) => made.at(-1 - (count % made.length))!
    const [a, b] = [back(from), back(other)]
    // tfjs itself computes no sum of a tensor with itself: it frees the tensor after the first use.
    const canJoin = a !== b && (layer === 'concatenate' || a.shape.at(-1) === b.shape.at(-1))
    if (!SINGLE[layer] && !canJoin) continue
    const inputs = SINGLE[layer] ? [a] : [a, b]
    for (const tensor of inputs) read.add(tensor)
    made.push(through((SINGLE[layer] ?? JOINING[layer]!)(width), SINGLE[layer] ? a : inputs))
  }
  const ends = made.filter((tensor) => !read.has(tensor))
  const joined = ends.length > 1 ? through(layers.concatenate(), ends) : ends[0]!
  const outputs = through(layers.dense({ units: 2 }), through(layers.flatten(), joined))
  return fillFinite(modelOf({ inputs: x, outputs }), seed)
}

/** Seeded weights, the variances of batch norms above 0. */
export function fillFinite(model: LayersModel, seed: number): LayersModel {
  fillWeights(model, seed)
  for (const { role, variable } of modelWeights(model)) {
    if (role === 'moving_variance')
      assignValues(
        variable,
        (variable.dataSync() as Float32Array).map((value) => 0.5 + value ** 2),
      )
  }
  return model
}

/** Drops units, inputs or nothing of each weight at random; of vectors, single elements. */
export function structuredMask(model: LayersModel, seed: number): Mask {
  const random = randomStream(seed)
  const weights = modelWeights(model).map((weight) => {
    const { name, layer, role, shape } = weight
    const unit = unitAxes(weight).at(-1)!
    const axes = shape.length === 1 ? [0] : [[unit], [shape.length - 2], []][random.below(3)]!
    const { count, of } = groupAlong(shape, axes)
    const drop = Array.from({ length: count }, () => axes.length > 0 && random.uniform() < 0.5)
    const isKept = /variance/.test(role)
    return {
      name,
      layer,
      role,
      shape,
      values: Uint8Array.from(of, (place) => Number(isKept || !drop[place])),
    }
  })
  return createMask(weights, countParameters(model))
}
