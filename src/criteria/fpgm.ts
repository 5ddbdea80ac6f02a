import {
  abs,
  add,
  any,
  cast,
  div,
  eye,
  matMul,
  max,
  maximum,
  mean,
  mul,
  onesLike,
  reshape,
  sqrt,
  sub,
  sum,
  type Tensor,
  transpose,
} from '@tensorflow/tfjs-core'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { numberThat } from '../internal/option-checks.js'
import type { Criterion } from '../types.js'

/** Options of {@link fpgm}. */
export interface FpgmOptions {
  /**
   * Axis whose places are the filters, from the end if negative. @default the units of the layer
   * class
   */
  readonly axis?: number
}

const checks: OptionChecks<FpgmOptions> = { axis: numberThat('a whole number', Number.isInteger) }

/**
 * Keeps the filters that the others cannot stand in for: score of filter i = sum over j of
 * norm2(F_i - F_j).
 *
 * A filter close to the geometric median of its layer goes first, whether it is large or small. The
 * score is spread evenly over the filter's elements that are left, so that their sum is the
 * filter's score: for use with a granularity of units, whose axis must be the same. With single
 * elements it only ranks filters. Filters that are pruned already do not count.
 *
 * Norms are float32, from the products of the centred filters: a distance below 1/1000 of the
 * layer's spread is noise. Takes filters^2 numbers of memory. Sibling of {@link magnitude} with
 * units, which asks for a filter's size.
 *
 * @param options The axis.
 * @returns A criterion; its tensor has the weight's shape and belongs to the caller. It throws a
 *   RangeError for a weight that has no such axis.
 * @throws {TypeError} If an option is not known or the axis is no number.
 * @throws {RangeError} If the axis is no whole number.
 * @see He et al. 2019, Filter Pruning via Geometric Median, arXiv 1811.00250, section 3.
 *
 * @example
 * ```ts
 * import { ones, tensor2d } from '@tensorflow/tfjs-core'
 * import { fpgm } from 'tfjs-prune'
 *
 * // Three filters of one weight each: 0, 1 and 5.
 * const final = tensor2d([[0, 1, 5]])
 * const place = { name: 'out/kernel', layer: 'out', role: 'kernel', round: 1 }
 * const scores = fpgm()({ ...place, initial: final, final, mask: ones([1, 3]) })
 * if (Array.from(scores.dataSync(), Math.round).join() !== '6,5,9') throw new Error('the middle one is replaceable')
 * ```
 */
export function fpgm(options: FpgmOptions = {}): Criterion {
  checkOptions(options, { task: 'make fpgm', checks })
  const { axis } = options
  return ({ name, unitAxes = [-1], final, mask }) => {
    const axes = filterAxes(name, final.shape, axis === undefined ? unitAxes : [axis])
    // [filters, elements], with zeros in pruned places.
    const order = [...axes, ...final.shape.keys()].filter(
      (place, i, all) => all.indexOf(place) === i,
    )
    const filters = axes.reduce((product, place) => product * final.shape[place]!, 1)
    const inRows = (values: Tensor) => reshape(transpose(values, order), [filters, -1])
    const kept = inRows(mask)
    const own = div(distances(mul(inRows(final), kept), kept), maximum(sum(kept, 1, true), 1))
    const spread = mul(own, onesLike(kept))
    const shape = order.map((place) => final.shape[place]!)
    const back = order.map((_, place) => order.indexOf(place))
    return transpose(reshape(spread, shape), back)
  }
}

function filterAxes(name: string, shape: readonly number[], axes: readonly number[]): number[] {
  return axes.map((axis) => {
    const place = axis < 0 ? shape.length + axis : axis
    if (place >= 0 && place < shape.length) return place
    throw new RangeError(
      `Cannot score ${name}: expected an axis of [${shape.join(', ')}] as that of fpgm, got ${axis}`,
    )
  })
}

/** Sum of the distances of each row to the rows that are left, [rows, 1]. */
function distances(rows: Tensor, kept: Tensor): Tensor {
  const alive = cast(any(cast(kept, 'bool'), 1), 'float32')
  // Scaled, so that no square leaves float32; the bound is for devices that take
  // denormals for 0.
  const scale = maximum(max(abs(rows)), 1e-30)
  const scaled = div(rows, scale)
  const centred = sub(scaled, mean(scaled, 0, true))
  const products = matMul(centred, centred, false, true)
  const squares = sum(mul(products, eye(rows.shape[0]!)), 1, true)
  const squared = maximum(sub(add(squares, transpose(squares)), mul(products, 2)), 0)
  return mul(sum(mul(sqrt(squared), alive), 1, true), scale)
}
