import type { Tensor } from '@tensorflow/tfjs-core'
import { describe } from '../internal/describe.js'
import { optionError } from '../internal/option-error.js'
import { isFromSamples, needsOf } from '../statistics/needs.js'
import type { Criterion, Need, ScoredWeight } from '../types.js'
import { checkIsCriterion, scoresOfPart } from './combined.js'

/** A criterion that is asked class by class. */
export interface ByClass {
  /** The statistics of each of the classes. */
  readonly needs: readonly Need[]
  /** Scores of a weight with the statistics of one class. */
  readonly scores: (weight: ScoredWeight, index: number) => Tensor
}

/**
 * Turns a criterion that looks at samples into one of each class. Throws unless it looks at samples,
 * and at nothing else but weights.
 */
export function byClass(task: string, criterion: Criterion, classes: readonly number[]): ByClass {
  checkIsCriterion(task, criterion)
  const statistics = sampledStatistics(task, criterion)
  const needs = classes.flatMap((index) =>
    statistics.map((statistic) => ({ statistic, class: index })),
  )
  const scores = (weight: ScoredWeight, index: number) => {
    const { ofClass } = weight
    if (!ofClass)
      throw new TypeError(`Cannot score ${weight.name}: expected statistics by class, got none`)
    return scoresOfPart(task, criterion, ofClass(index))
  }
  return { needs, scores }
}

/** The statistics of a criterion that has a class-conditional form. */
function sampledStatistics(task: string, criterion: Criterion) {
  const needs = needsOf(criterion)
  const wanted = 'expected a criterion that looks at samples'
  if (needs.length === 0)
    throw new RangeError(`Cannot ${task}: ${wanted}, got one that looks at weights alone`)
  return needs.map((need) => {
    if (!isFromSamples(need))
      throw new RangeError(`Cannot ${task}: ${wanted}, got one that needs ${need.statistic}`)
    if (need.class === undefined) return need.statistic
    throw new RangeError(
      `Cannot ${task}: expected a criterion of all samples, got one of class ${need.class}`,
    )
  })
}

/** Throws unless `classes` is a list of at least two class indices, each once. */
export function checkClassIndices(task: string, classes: unknown): void {
  const wanted = 'a list of at least two class indices, each once'
  const refuse = (got: string) =>
    optionError(new RangeError(`Cannot ${task}: expected ${wanted}, got ${got}`))
  if (!Array.isArray(classes)) {
    throw optionError(new TypeError(`Cannot ${task}: expected ${wanted}, got ${describe(classes)}`))
  }
  const wrong = classes.find((index) => !(Number.isSafeInteger(index) && index >= 0))
  if (wrong !== undefined) throw refuse(describe(wrong))
  if (classes.length < 2 || new Set(classes).size < classes.length)
    throw refuse(`[${classes.join(', ')}]`)
}
