import type { LayersModel } from '@tensorflow/tfjs-layers'
import { countedClass } from '../internal/counted-class.js'
import { type ModelWeight, modelWeights } from '../internal/model-weights.js'
import type { WeightPlace } from '../types.js'
import { checkIsMask } from './check-is-mask.js'
import { checkTotals } from './check-totals.js'
import { checkValues } from './check-values.js'
import type { Mask, MaskedWeight } from './mask.js'

const task = 'use the mask'

/**
 * Checks that a mask belongs to a model: each of its weights exists there with the same shape, and
 * its values are zeros and ones of that shape, as many ones as it says.
 *
 * @param model The model that the mask is meant for.
 * @param mask The mask.
 * @throws {RangeError} If the model lacks a weight of the mask; the message names it and those that
 *   the model has. If a value is neither 0 nor 1, values were changed behind the mask's counts, or
 *   its totals are not those of its weights.
 * @throws {TypeError} If a weight has another shape or number of values, or `mask` is no mask, such
 *   as a round of which `mask` was meant.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { checkMask, denseMask } from 'tfjs-prune'
 *
 * const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [3] })] })
 * checkMask(model, denseMask(model))
 * ```
 */
export function checkMask(model: LayersModel, mask: Mask): void {
  boundWeights(model, mask)
}

/** A masked weight beside that of the model that it belongs to. */
export interface BoundWeight<W = ModelWeight> {
  readonly masked: MaskedWeight
  readonly weight: W
}

/** Pairs each weight of a mask with the model's own; throws as {@link checkMask} does. */
export function boundWeights(model: LayersModel, mask: Mask): BoundWeight[] {
  checkIsMask(mask, task)
  return bindMask(modelWeights(model), mask)
}

/** Pairs each weight of a mask with that of the same name; throws as {@link checkMask} does. */
export function bindMask<W extends Pick<WeightPlace, 'name' | 'shape'>>(
  weights: readonly W[],
  mask: Mask,
): BoundWeight<W>[] {
  checkIsMask(mask, task)
  const bound = bindWeights(weights, mask.weights)
  checkTotals(mask, task)
  return bound
}

/** Pairs weights, of a mask or of several, with those of the same names. */
export function bindWeights<W extends Pick<WeightPlace, 'name' | 'shape'>>(
  weights: readonly W[],
  all: readonly MaskedWeight[],
): BoundWeight<W>[] {
  const byName = new Map(weights.map((weight) => [weight.name, weight]))
  return all.map((masked) => {
    const weight = byName.get(masked.name)
    if (!weight) {
      const known = [...byName.keys()].join(', ')
      const hint = countedClass(masked.name)
        ? '. Unnamed layers get new names in each model: name your layers, or match rounds by ' +
          'position with renameRounds of tfjs-prune/runs.'
        : ''
      throw new RangeError(
        `Cannot ${task}: expected the weight ${masked.name} in the model, got ${known}${hint}`,
      )
    }
    if (weight.shape.join() !== masked.shape.join()) {
      const got = `[${masked.shape.join(', ')}]`
      throw new TypeError(
        `Cannot ${task}: expected shape [${weight.shape.join(', ')}] for ${masked.name}, got ${got}`,
      )
    }
    checkValues(masked, task)
    return { masked, weight }
  })
}
