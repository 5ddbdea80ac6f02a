import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkIndex, checkNumber, numberThat } from '../internal/option-checks.js'
import type { Mask } from '../masks/mask.js'
import { maskStatistics } from '../masks/mask-statistics.js'
import type { WeightStatistics } from '../types.js'

/** Options of {@link collapsedLayers}. */
export interface CollapsedLayersOptions {
  /**
   * Most elements that a collapsed weight keeps. A selection that keeps at least one of each weight
   * stops at 1 where it would have taken all.
   *
   * @default 1
   */
  readonly maximumKept?: number
  /**
   * Highest density at which a weight counts as collapsed however many elements are left, in [0,
   * 1).
   *
   * @default 0.001
   */
  readonly maximumDensity?: number
}

/** A weight of which nothing or almost nothing is left. */
export interface CollapsedLayer extends WeightStatistics {
  /** Layer path, the weight's name without its last part. */
  readonly layer: string
}

const task = 'compute collapsedLayers'
const checks: OptionChecks<CollapsedLayersOptions> = {
  maximumKept: checkIndex,
  maximumDensity: numberThat('at least 0 and below 1', (density) => density >= 0 && density < 1),
}

/**
 * Layers that hardly pass a signal any more: one of their weights is pruned, and
 * kept <= maximumKept or kept / size <= maximumDensity.
 *
 * A network with such a layer says much the same for every sample, whatever the others keep; a
 * higher minimum per layer cures it. Weights of role `bias` or `beta` only shift a signal and are
 * not judged. {@link collapsedClasses} looks at the model's predictions.
 *
 * @param weights A mask, or the counts per weight, such as `weights` of a `RoundReport`.
 * @param options The limits.
 * @returns The collapsed weights with their layers, in the given order; an empty list if there are
 *   none.
 * @throws {TypeError} If `weights` is neither a mask nor a list of counts, or a limit is not a
 *   number.
 * @throws {RangeError} If a weight's counts are not whole with 0 <= kept <= size, or a limit is out
 *   of range.
 * @example
 * ```ts
 * import { collapsedLayers } from 'tfjs-prune/metrics'
 *
 * const [collapsed] = collapsedLayers([
 *   { name: 'conv/kernel', size: 432, kept: 20, density: 20 / 432 },
 *   { name: 'out/kernel', size: 128, kept: 1, density: 1 / 128 },
 * ])
 * if (collapsed?.layer !== 'out') throw new Error('one weight carries no decision')
 * ```
 */
export function collapsedLayers(
  weights: Mask | readonly WeightStatistics[],
  options: CollapsedLayersOptions = {},
): CollapsedLayer[] {
  checkOptions(options, { task, checks })
  const { maximumKept = 1, maximumDensity = 0.001 } = options
  return statisticsOf(weights, task)
    .filter(({ name, size, kept }) => {
      const isShift = /(^|\/)(bias|beta)$/.test(name)
      return !isShift && kept < size && (kept <= maximumKept || kept <= maximumDensity * size)
    })
    .map(({ name, size, kept, density }) => ({
      layer: name.split('/').slice(0, -1).join('/'),
      name,
      size,
      kept,
      density,
    }))
}

function statisticsOf(
  weights: Mask | readonly WeightStatistics[],
  task: string,
): readonly WeightStatistics[] {
  const list =
    weights !== null &&
    typeof weights === 'object' &&
    'weights' in weights &&
    'parameters' in weights
      ? maskStatistics(weights)
      : weights
  if (!Array.isArray(list)) {
    throw new TypeError(
      `Cannot ${task}: expected a mask or a list of counts per weight, got ${String(weights)}`,
    )
  }
  for (const [index, weight] of (list as readonly WeightStatistics[]).entries()) {
    if (typeof weight?.name !== 'string') {
      throw new TypeError(
        `Cannot ${task}: expected name, size and kept of a weight at ${index}, got ${String(weight)}`,
      )
    }
    const { name, size, kept } = weight
    checkIndex(size, { task, name: `size of ${name}` })
    const accepts = (count: number) => Number.isSafeInteger(count) && count >= 0 && count <= size
    checkNumber(kept, {
      task,
      name: `kept of ${name}`,
      wanted: `a whole number from 0 to ${size}`,
      accepts,
    })
  }
  return list
}
