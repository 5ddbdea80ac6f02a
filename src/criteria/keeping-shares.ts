import { tensor } from '@tensorflow/tfjs-core'
import type { Criterion, ScoredWeight } from '../types.js'
import { combined } from './combined.js'
import { byClass, checkClassIndices } from './of-class.js'
import { orderByShares } from './order-by-shares.js'

const task = 'make keepingShares'

/**
 * Orders the elements of a weight so that each class keeps its share of the importance, however
 * many elements stay.
 *
 * I_c(i) is the score of element i on the samples of class c, negative ones counted as 0, and T_c
 * the share of class c in the sum of all I over the elements that the previous mask keeps. Elements
 * are taken one after the other. With K_c the share of class c in the importance taken so far, 1 /
 * classes at the start, the next element is that with the highest I_c for the class whose T_c - K_c
 * is largest. A class that has no importance left waits. The score is 1 - place / n, place counted
 * from 0 among the n kept elements, so that the k highest are the greedy choice of k, for every k.
 * The sums are in float64, and an order takes O(classes n) after its sorts.
 *
 * Scores are places, equal in scale from weight to weight: made for `perLayer()`, as in the paper,
 * whose shares are those of a layer too. Unlike {@link forClasses} it asks for no weights of the
 * classes: a class with little importance keeps that little, and no other class can take it over.
 *
 * @param criterion Any criterion that looks at samples, and at nothing else but weights.
 * @param classes Indices of the classes that keep their shares, at least two, each once.
 * @returns A criterion that needs samples of these classes; its tensor has the weight's shape and
 *   belongs to the caller. Elements whose score is NaN for a class score NaN.
 * @throws {TypeError} If the criterion is no function, or `classes` no list.
 * @throws {RangeError} If the criterion looks at weights alone, at flow or movement, or at single
 *   classes already; if a class is no index or named twice, or there are fewer than two.
 * @see Lin, Kim and Joo 2022, FairGRAPE: Fairness-aware GRAdient Pruning mEthod for Face Attribute
 *   Classification, arXiv 2207.10888: the greedy rule, for groups of people, with squares of weight
 *   times gradient as importance. There a class without importance left is still served.
 *
 * @example
 * ```ts
 * import { tensor1d } from '@tensorflow/tfjs-core'
 * import { keepingShares, type ScoredWeight, snip } from 'tfjs-prune'
 *
 * const ones = tensor1d([1, 1, 1, 1])
 * const place = { name: 'out/kernel', layer: 'out', role: 'kernel', round: 1 }
 * const weight: ScoredWeight = { ...place, initial: ones, final: ones, mask: ones }
 * // The last element is all that class 1 has: a tenth of the importance of class 0.
 * const gradients = [tensor1d([5, 3, 2, 0]), tensor1d([0, 0, 0, 1])]
 * const ofClass = (index: number) => ({ ...weight, gradient: gradients[index]! })
 * const scores = keepingShares(snip(), [0, 1])({ ...weight, ofClass }).dataSync()
 * if (scores.join() !== '1,0.5,0.25,0.75') throw new Error('class 1 comes second')
 * ```
 */
export function keepingShares(criterion: Criterion, classes: readonly number[]): Criterion {
  checkClassIndices(task, classes)
  const { needs, scores } = byClass(task, criterion, classes)
  const score = (weight: ScoredWeight) => {
    const importances = classes.map((index) => scores(weight, index).dataSync() as Float32Array)
    const { shape } = weight.final
    return tensor(orderByShares(importances, weight.mask.dataSync()), [...shape])
  }
  return Object.assign(combined(task, [criterion], score), { needs })
}
