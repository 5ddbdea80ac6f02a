import type { Interval } from '../types.js'
import { meanTest } from './mean-test.js'

/** How unevenly pruning moves the recalls, a part of an audit. */
export interface RecallDistortion {
  /**
   * By class: (recall - accuracy) / accuracy of the dense and of the pruned networks, their means;
   * null for a class without samples, or where a network is right nowhere.
   */
  readonly byClass: readonly DistortedClass[]
  /**
   * Intensification ratio, the mean over pairs of networks: above 1 pruning pulls the recalls
   * further apart, below 1 nearer together. Null where the recalls of a dense network are all
   * alike.
   */
  readonly intensification: number | null
  /** Student's interval of the ratio over the pairs; null for one pair. */
  readonly intensificationInterval: Interval | null
}

/** The balance of one class under the dense and the pruned networks. */
export interface DistortedClass {
  readonly class: number
  readonly dense: number | null
  readonly pruned: number | null
}

/** Recalls of one network by class, null without samples, and its accuracy. */
export interface NetworkRecalls {
  readonly recalls: readonly (number | null)[]
  readonly accuracy: number
}

/**
 * Recall distortion: how far each class's recall lies from the accuracy, before and after pruning.
 *
 * The balance of class c is B_c = (recall_c - accuracy) / accuracy. The intensification ratio of a
 * pair of networks is the slope of pruned on dense balances through the origin, by least squares:
 * sum_c B_c(dense) B_c(pruned) / sum_c B_c(dense)^2.
 *
 * @see Good, Lin, Yu, Sieg, Ferguson, Zhe, Wieczorek, Serra: Recall distortion in neural network
 *   pruning and the undecayed pruning algorithm. NeurIPS 2022.
 */
export function recallDistortion(
  dense: readonly NetworkRecalls[],
  pruned: readonly NetworkRecalls[],
  confidence: number,
): RecallDistortion {
  const [before, after] = [dense.map(balances), pruned.map(balances)]
  const slopes = before.map((one, i) => slope(one, after[i]!))
  const isDefined = slopes.every((one) => one !== null)
  const test = isDefined ? meanTest(slopes, confidence) : undefined
  return {
    byClass: dense[0]!.recalls.map((_, index) => ({
      class: index,
      dense: meanOf(before.map((one) => one[index]!)),
      pruned: meanOf(after.map((one) => one[index]!)),
    })),
    intensification: test?.mean ?? null,
    intensificationInterval: test?.interval ?? null,
  }
}

function balances({ recalls, accuracy }: NetworkRecalls): (number | null)[] {
  return recalls.map((recall) =>
    recall === null || accuracy === 0 ? null : (recall - accuracy) / accuracy,
  )
}

function slope(dense: readonly (number | null)[], pruned: readonly (number | null)[]) {
  let [product, squares] = [0, 0]
  for (const [i, before] of dense.entries()) {
    const after = pruned[i]!
    if (before === null) continue
    if (after === null) return null
    product += before * after
    squares += before * before
  }
  return squares === 0 ? null : product / squares
}

function meanOf(values: readonly (number | null)[]): number | null {
  if (values.some((value) => value === null)) return null
  return (values as readonly number[]).reduce((sum, value) => sum + value, 0) / values.length
}
