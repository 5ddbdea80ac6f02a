import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Mask } from '../masks/mask.js'
import type { WeightPlace } from '../types.js'

/** Groups of elements that live and die together. */
export interface Grains {
  /** Number of groups. */
  readonly count: number
  /**
   * Group of each element in flat (row-major) order, 0 to count - 1. A group may have no element.
   */
  readonly of: Int32Array
  /**
   * Groups in a row that keep the same number: group g belongs to cell floor(g / cell), and `count`
   * is a multiple of it. Left out: all groups of the weight compete.
   */
  readonly cell?: number
}

/**
 * How the scores of a group become one: their sum, their mean, or the root of the sum of their
 * squares.
 */
export type Combination = 'sum' | 'mean' | 'norm'

/** The parts that pruning removes: elements, units, channels, blocks, or elements in cells. */
export interface Granularity {
  /** Name for error messages and reports, e.g. `units`. */
  readonly name: string
  /**
   * Sorts the elements of a weight into groups. Throws a RangeError for a weight that has no such
   * groups.
   */
  readonly grains: (weight: WeightPlace) => Grains
  /** How the scores of a group become one. @default 'sum' */
  readonly combine?: Combination
  /**
   * Lists of names of weights that a group has a part in each of, as a recurrent cell has columns
   * of two kernels: those of one list have equally many groups, and the groups of one number get
   * one score and one choice. Weights that are not selected are passed over. Allocators see the
   * first of a list. Left out: each weight by itself.
   */
  readonly joint?: (model: LayersModel) => readonly (readonly string[])[]
  /**
   * Adds weights to a mask that are of no use once a group is gone, such as its bias. `prune`,
   * `pruningRounds` and `gradualPruner` hold it at 0 too; densities and reports count the mask as
   * it was. Left out: nothing.
   */
  readonly complete?: (model: LayersModel, mask: Mask) => Mask
}
