import type { LayersModel } from '@tensorflow/tfjs-layers'
import { modelWeights } from '../../internal/model-weights.js'
import {
  checkSelector,
  matches,
  type SelectableWeight,
  type Selector,
} from '../../select/selector.js'
import { sizeOf } from './size-of.js'

/** A weight as `model.save` stores it. */
export interface SavedWeight extends SelectableWeight {
  readonly dtype: string
  /** The name in the file, by which `loadLayersModel` finds the weight. */
  readonly savedName: string
}

/**
 * The weights of a model in the order in which `model.save` stores them. Throws where two would
 * have one name in the file: `loadLayersModel` could not tell them apart.
 */
export function savedWeights(model: LayersModel, task: string): SavedWeight[] {
  const places = new Map(modelWeights(model).map((weight) => [weight.variable as unknown, weight]))
  const names = new Set<string>()
  return model.weights.map((variable) => {
    const { originalName: savedName, dtype } = variable
    if (names.has(savedName)) {
      const wanted =
        'expected layer names that differ, also in nested models, so that the file can be loaded'
      throw new RangeError(`Cannot ${task}: ${wanted}, got ${savedName} twice`)
    }
    names.add(savedName)
    const { name, layer, role, shape, owner } = places.get(variable.read())!
    return {
      name,
      layer,
      role,
      shape,
      size: sizeOf(shape),
      className: owner.getClassName(),
      dtype,
      savedName,
    }
  })
}

/**
 * The float32 weights to store in fewer bits: those that the selector names, or those of at least
 * two dimensions.
 */
export function narrowedWeights(
  weights: readonly SavedWeight[],
  select: Selector | undefined,
): SavedWeight[] {
  const candidates = weights.filter(({ dtype }) => dtype === 'float32')
  if (select === undefined) return candidates.filter(({ shape }) => shape.length > 1)
  checkSelector('select', select, candidates)
  return candidates.filter((weight) => matches(select, weight))
}
