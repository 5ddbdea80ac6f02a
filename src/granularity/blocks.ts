import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import type { WeightPlace } from '../types.js'
import { checkRank } from './check-rank.js'
import { checkCombination } from './combination-check.js'
import type { Combination, Grains, Granularity } from './granularity.js'

/** Options of {@link blocks}. */
export interface BlocksOptions {
  /**
   * How the scores of a block become one; the mean, as blocks at the edge are smaller. @default
   * 'mean'
   */
  readonly combine?: Combination
}

const checks: OptionChecks<BlocksOptions> = { combine: checkCombination }

/**
 * Prunes rectangles of the last two axes, as they lie in memory: `[4, 4]` blocks of a dense kernel,
 * say.
 *
 * Each place of a convolution's window has blocks of its own. Where a side is no multiple of the
 * block's, the last blocks are smaller. Groups are numbered window by window, then row by row.
 *
 * @param size Height and width of a block: elements of the last axis but one, and of the last one.
 * @param options The combination.
 * @returns A granularity. It throws a RangeError for a bias, or any other weight of one axis.
 * @throws {TypeError} If the size is no pair of numbers, or an option is not known.
 * @throws {RangeError} If a side is no whole number of at least 1, or the combination is none of
 *   the three.
 *
 * @example
 * ```ts
 * import { blocks } from 'tfjs-prune'
 *
 * const weight = {
 *   name: 'out/kernel',
 *   layer: 'out',
 *   role: 'kernel',
 *   className: 'Dense',
 *   shape: [2, 3],
 * }
 * if (blocks([2, 2]).grains(weight).of.join() !== '0,0,1,0,0,1')
 *   throw new Error('a block of four and an edge of two')
 * ```
 */
export function blocks(
  size: readonly [height: number, width: number],
  options: BlocksOptions = {},
): Granularity {
  if (!Array.isArray(size) || size.length !== 2 || size.some((side) => typeof side !== 'number')) {
    throw new TypeError(
      `Cannot group by blocks: expected a pair of numbers as size, got ${JSON.stringify(size)}`,
    )
  }
  const [height, width] = size
  if (!(Number.isInteger(height) && Number.isInteger(width) && height >= 1 && width >= 1)) {
    throw new RangeError(
      `Cannot group by blocks: expected whole sides of at least 1, got ${height} and ${width}`,
    )
  }
  checkOptions(options, { task: 'group by blocks', checks })
  const { combine = 'mean' } = options
  return {
    name: `blocks([${height}, ${width}])`,
    grains: (weight) => blockGrains(weight, height, width),
    combine,
  }
}

function blockGrains(weight: WeightPlace, height: number, width: number): Grains {
  checkRank(weight, `blocks([${height}, ${width}])`)
  const { shape } = weight
  const [tall, wide] = shape.slice(-2) as [number, number]
  const across = Math.ceil(wide / width)
  const perWindow = Math.ceil(tall / height) * across
  const windows = shape.slice(0, -2).reduce((product, side) => product * side, 1)
  const of = new Int32Array(windows * tall * wide)
  for (let i = 0; i < of.length; i++) {
    const row = Math.floor(i / wide) % tall
    const window = Math.floor(i / (tall * wide))
    of[i] = window * perWindow + Math.floor(row / height) * across + Math.floor((i % wide) / width)
  }
  return { count: windows * perWindow, of }
}
