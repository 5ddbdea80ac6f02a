import { mul } from '@tensorflow/tfjs-core'
import { addAll } from '../internal/add-all.js'
import { describe } from '../internal/describe.js'
import { checkNumber } from '../internal/option-checks.js'
import type { Criterion, ScoredWeight } from '../types.js'
import { checkIsCriterion, combined } from './combined.js'
import { byClass } from './of-class.js'

const task = 'make forClasses'

/** Weight of each class that counts, by its index: `{ 0: 1, 1: 5 }`, or `[1, 5]`. */
export type ScoredClasses = Readonly<Record<number, number>>

/**
 * Turns a criterion that looks at samples into its class-conditional form: S = sum_c lambda_c
 * S(samples of class c).
 *
 * Over all samples a rare class has little say: what only one in a hundred samples uses scores a
 * hundredth. Here each class has the say that you give it: means of gradients and outputs do not
 * grow with its number of samples (norms of inputs do: normalise {@link wanda} first). Statistics
 * are gathered class by class, each sample counting once; classes without a weight, or with 0, are
 * not looked at. It composes: `forClasses(normalised(taylor(), 'sum'), [1, 1])` makes the classes
 * equal in each layer. Where samples may have several labels, `label` of `samples` names the one
 * whose class 1, with it, and class 0, without it, are meant.
 *
 * @param criterion Any criterion that looks at samples, and at nothing else but weights.
 * @param classes lambda_c of each class, a finite number; negative ones let go of what the class
 *   uses.
 * @returns A criterion; its tensor has the weight's shape and belongs to the caller.
 * @throws {TypeError} If the criterion is no function, or a lambda no number.
 * @throws {RangeError} If the criterion looks at weights alone, at flow or movement (which belong
 *   to no class), or at single classes already; if a class is no index, a lambda not finite, or
 *   none differs from 0.
 * @see Entezari and Saukh 2020, Class-dependent Compression of Deep Neural Networks, arXiv
 *   1909.10364: the same aim, pursued by the loss.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { tensor2d } from '@tensorflow/tfjs-core'
 * import { computeMask, forClasses, wanda } from 'tfjs-prune'
 *
 * // Class 1 is rare, and alone uses the second input.
 * const samples = { xs: [[1, 0], [1, 0], [1, 0], [1, 0], [0, 1]], ys: [0, 0, 0, 0, 1] }
 * const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [2], useBias: false })] })
 * model.setWeights([tensor2d([[1, 1], [1, 1]])])
 * const criterion = wanda({ compare: 'layer' })
 * const all = await computeMask(model, { density: 0.5, criterion, samples })
 * const conditional = await computeMask(model, {
 *   density: 0.5,
 *   criterion: forClasses(criterion, { 0: 1, 1: 5 }),
 *   samples,
 * })
 * const kept = [all, conditional].map((mask) => mask.weights[0]!.values.join(''))
 * if (kept.join() !== '1100,0011') throw new Error('the rare class keeps its input')
 * ```
 */
export function forClasses(criterion: Criterion, classes: ScoredClasses): Criterion {
  checkIsCriterion(task, criterion)
  const all = byClass(task, criterion, [])
  const weighted = checkClasses(classes)
  const { needs } = byClass(
    task,
    criterion,
    weighted.map(({ index }) => index),
  )
  const score = (weight: ScoredWeight) =>
    addAll(weighted.map(({ index, lambda }) => mul(all.scores(weight, index), lambda)))
  return Object.assign(combined(task, [criterion], score), { needs })
}

function checkClasses(classes: ScoredClasses): { index: number; lambda: number }[] {
  if (typeof classes !== 'object' || classes === null) {
    const got = describe(classes)
    throw new TypeError(
      `Cannot ${task}: expected the weight of each class by its index, got ${got}`,
    )
  }
  const entries = Object.entries(classes).map(([key, lambda]) => {
    const index = Number(key)
    if (!Number.isSafeInteger(index) || index < 0 || `${index}` !== key)
      throw new RangeError(
        `Cannot ${task}: expected class indices as keys of classes, got ${describe(key)}`,
      )
    checkNumber(lambda, {
      task,
      name: `the weight of class ${key}`,
      wanted: 'a finite number',
      accepts: Number.isFinite,
    })
    return { index, lambda }
  })
  const weighted = entries.filter(({ lambda }) => lambda !== 0)
  if (weighted.length > 0) return weighted
  throw new RangeError(`Cannot ${task}: expected a class whose weight is not 0, got none`)
}
