import type { LayersModel, layers } from '@tensorflow/tfjs-layers'
import { modelWeights } from '../internal/model-weights.js'
import { layoutOf } from '../layer-kinds/layout.js'
import { heldWeights } from '../layers/held-weights.js'
import { boundWeights } from '../masks/check-mask.js'
import type { Mask } from '../masks/mask.js'
import { multiplies } from './positions.js'

type Layer = layers.Layer

/** Multiply-adds of a layer for one sample. */
export interface LayerMultiplyAdds {
  /** Layer path. */
  readonly layer: string
  /** All of them, as a dense backend computes them. */
  readonly dense: number
  /** Those with a weight that is not 0. */
  readonly nonZero: number
}

/** Kernels of one layer. */
export interface CountedKernels extends LayerMultiplyAdds {
  readonly owner: Layer
}

/** Elements of each layer's kernels, and how many of them are not 0, in the model's order. */
export async function kernelSizes(
  model: LayersModel,
  mask: Mask | undefined,
): Promise<CountedKernels[]> {
  const masks = new Map<string, ArrayLike<number>[]>()
  const add = (name: string, values: ArrayLike<number>) =>
    masks.set(name, [...(masks.get(name) ?? []), values])
  for (const { masked } of mask === undefined ? [] : boundWeights(model, mask))
    add(masked.name, masked.values)
  for (const held of heldWeights(model)) add(held.name, await held.mask.read().data())
  const sizes = new Map<Layer, CountedKernels>()
  for (const weight of modelWeights(model).filter((one) => multiplies(layoutOf(one)))) {
    const { owner, layer, name, variable } = weight
    const { dense, nonZero } = sizes.get(owner) ?? { dense: 0, nonZero: 0 }
    const alive = countNonZero(await variable.data(), masks.get(name) ?? [])
    sizes.set(owner, { owner, layer, dense: dense + variable.size, nonZero: nonZero + alive })
  }
  return [...sizes.values()]
}

function countNonZero(values: ArrayLike<number>, masks: readonly ArrayLike<number>[]): number {
  let count = 0
  for (let i = 0; i < values.length; i++)
    if (values[i] !== 0 && masks.every((mask) => mask[i] !== 0)) count++
  return count
}
