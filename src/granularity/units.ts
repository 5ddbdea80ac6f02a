import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkFlag, numberThat } from '../internal/option-checks.js'
import type { WeightPlace } from '../types.js'
import { checkCombination } from './combination-check.js'
import type { Combination, Grains, Granularity } from './granularity.js'
import { groupAlong } from './group-along.js'
import { jointCells } from './joint-cells.js'
import { unitGrains } from './unit-grains.js'
import { wholeUnits } from './whole-units.js'

/** Options of {@link units}. */
export interface UnitsOptions {
  /**
   * Axis whose places are the units, from the end if negative. @default by layer class, as below
   */
  readonly axis?: number
  /**
   * How the scores of a unit become one: with `magnitude`, `'sum'` is the L1 and `'norm'` the L2
   * norm. @default 'sum'
   */
  readonly combine?: Combination
  /**
   * Whether the bias and the batch normalisation of a unit go with it, as {@link wholeUnits} says.
   * @default true
   */
  readonly whole?: boolean
}

const checks: OptionChecks<UnitsOptions> = {
  axis: numberThat('a whole number', Number.isInteger),
  combine: checkCombination,
  whole: checkFlag,
}

/**
 * Prunes whole outputs: the neurons of a dense layer, the filters of a convolution.
 *
 * | weight | unit |
 * |---|---|
 * | dense, recurrent and embedding kernels `[in, units]` | last axis |
 * | convolution kernels `[..., channels, filters]`, pointwise ones too | last axis |
 * | transposed convolutions `[..., filters, channels]` | last axis but one |
 * | depthwise kernels `[height, width, channels, multiplier]` | each pair of channel and multiplier, which is one output |
 * | GRU and LSTM kernels and biases, 3 or 4 gates side by side on the last axis | all gates of one unit together |
 * | biases `[units]` | each element |
 *
 * An unknown layer class has its units on the last axis. Sibling of {@link channels},
 * which takes inputs.
 *
 * A unit of a recurrent layer is a cell: its columns of both kernels get one score and one choice,
 * in `Bidirectional` those of both directions. Its rows of the recurrent kernel and of the layer
 * behind are neither scored nor counted; `shrink` takes them with it.
 *
 * Only kernels compete, but a unit is more than a kernel: while a model is pruned in rounds or step
 * by step, the bias and the batch normalisation of a unit that is gone stay at 0 too
 * ({@link wholeUnits}), so that it emits 0 and `shrink` can remove it. With an `axis` of the
 * caller's, nothing is known of that.
 *
 * @param options Axis, combination, and whether units go whole.
 * @returns A granularity. It throws a RangeError for a weight that has no such axis, or whose last
 *   axis is no multiple of its gates.
 * @throws {TypeError} If an option is not known, the axis is no number or `whole` no truth value.
 * @throws {RangeError} If the axis is no whole number, or the combination is none of the three.
 *
 * @example
 * ```ts
 * import { units } from 'tfjs-prune'
 *
 * const place = { name: 'lstm/kernel', layer: 'lstm', role: 'kernel', className: 'LSTM' }
 * const { of } = units().grains({ ...place, shape: [1, 8] })
 * if (of.join() !== '0,1,0,1,0,1,0,1') throw new Error('two units of four gates')
 * ```
 */
export function units(options: UnitsOptions = {}): Granularity {
  checkOptions(options, { task: 'group by units', checks })
  const { axis, combine = 'sum', whole = true } = options
  const grains = (weight: WeightPlace) =>
    axis === undefined ? unitGrains(weight) : axisGrains(weight, axis)
  return {
    name: 'units',
    grains,
    combine,
    ...(axis === undefined && { joint: jointCells }),
    ...(whole && axis === undefined && { complete: wholeUnits }),
  }
}

function axisGrains({ name, shape }: WeightPlace, axis: number): Grains {
  const place = axis < 0 ? shape.length + axis : axis
  if (place >= 0 && place < shape.length) return groupAlong(shape, [place])
  throw new RangeError(
    `Cannot group ${name} by units: expected an axis of [${shape.join(', ')}], got ${axis}`,
  )
}
