import { describe } from '../internal/describe.js'
import { sizeOf } from '../internal/size-of.js'
import type { WeightPlace } from '../types.js'
import { checkValues } from './check-values.js'
import { countOnes } from './count-ones.js'

const task = 'create a mask'

/** The part of a weight that a mask keeps. */
export interface MaskedWeight extends Omit<WeightPlace, 'className'> {
  /** 1 = kept, 0 = pruned, in flat (row-major) order. */
  readonly values: Uint8Array
  /** Number of ones. */
  readonly kept: number
}

/** Which weights of a model stay: a plain value that can be cloned, stored and compared. */
export interface Mask {
  /** The prunable weights, in the model's order. */
  readonly weights: readonly MaskedWeight[]
  /** Number of prunable elements. */
  readonly size: number
  /** Number of kept prunable elements. */
  readonly kept: number
  /** kept / size, in [0, 1]; `computeMask` keeps at least one element of each weight. */
  readonly density: number
  /** Number of all parameters of the model, those that are never pruned included. */
  readonly parameters: number
  /** Share of all parameters that is not pruned: 1 - (size - kept) / parameters. */
  readonly densityOverAll: number
}

/**
 * Makes a mask of its parts and counts the kept elements.
 *
 * @param weights Name, layer path, role, shape and 0/1 values of each prunable weight; the arrays
 *   are not copied.
 * @param parameters Number of all parameters of the model, at least the number of prunable
 *   elements.
 * @returns The mask; plain data, nothing to dispose.
 * @throws {TypeError} If `weights` is no list, a weight has no shape, or its values do not fit it.
 * @throws {RangeError} If there is no weight, a name occurs twice, a shape has no elements, a value
 *   is neither 0 nor 1, or `parameters` is less than the number of prunable elements.
 *
 * @example
 * ```ts
 * import { createMask } from 'tfjs-prune'
 *
 * const half = { name: 'dense/kernel', layer: 'dense', role: 'kernel', shape: [2, 2], values: Uint8Array.of(1, 0, 1, 0) }
 * const mask = createMask([half], 6)
 * if (mask.density !== 0.5) throw new Error('half of the kernel stays')
 * ```
 */
export function createMask(
  weights: readonly Omit<MaskedWeight, 'kept'>[],
  parameters: number,
): Mask {
  if (!Array.isArray(weights))
    throw new TypeError(`Cannot ${task}: expected a list of weights, got ${describe(weights)}`)
  weights.forEach(checkWeight)
  return countMask(weights, parameters)
}

/** A mask, see `createMask`, of zeros and ones in the shapes of the weights. */
export function countMask(
  weights: readonly Omit<MaskedWeight, 'kept'>[],
  parameters: number,
): Mask {
  if (weights.length === 0)
    throw new RangeError(`Cannot ${task}: expected at least one weight, got none`)
  const names = new Set<string>()
  const counted = weights.map((weight) => {
    const { name, values } = weight
    if (names.has(name))
      throw new RangeError(`Cannot ${task}: expected each weight once, got ${name} twice`)
    names.add(name)
    return { ...weight, kept: countOnes(values) }
  })
  return { weights: counted, ...totalsOf(counted, parameters, task) }
}

/** The counts of a mask in all. Throws where the model has fewer parameters than the mask. */
export function totalsOf(
  weights: readonly Pick<MaskedWeight, 'values' | 'kept'>[],
  parameters: number,
  task: string,
): Omit<Mask, 'weights'> {
  let [size, kept] = [0, 0]
  for (const weight of weights) {
    size += weight.values.length
    kept += weight.kept
  }
  if (!(parameters >= size)) {
    throw new RangeError(
      `Cannot ${task}: expected at least ${size} parameters in all, got ${parameters}`,
    )
  }
  const densityOverAll = 1 - (size - kept) / parameters
  return { size, kept, density: kept / size, parameters, densityOverAll }
}

function checkWeight(weight: Omit<MaskedWeight, 'kept'>, index: number): void {
  if (!Array.isArray(weight?.shape))
    throw new TypeError(
      `Cannot ${task}: expected a shape of weight ${index}, got ${describe(weight?.shape)}`,
    )
  const { name, shape, values } = weight
  const size = sizeOf(shape)
  if (!(Number.isSafeInteger(size) && size >= 1)) {
    throw new RangeError(
      `Cannot ${task}: expected a shape of at least one element for ${name}, got [${shape}]`,
    )
  }
  checkValues({ name, shape, values }, task)
}
