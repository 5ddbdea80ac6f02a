import type { Tensor } from '@tensorflow/tfjs-core'
import { checkFunction } from '../internal/check-function.js'
import { askPiece } from '../internal/check-piece.js'
import { optionError } from '../internal/option-error.js'
import { needsOf } from '../statistics/needs.js'
import type { Criterion, Gather, ScoredWeight } from '../types.js'
import { checkScoring } from './check-scoring.js'

const ONLY_SCORE = 'criteria that only score'

/** Throws a TypeError unless a criterion is a function. */
export function checkIsCriterion(task: string, criterion: unknown): void {
  checkFunction(criterion, { task, name: 'criterion' })
}

/** Scores of one part. Throws a TypeError if the part is a factory that was not called. */
export function scoresOfPart(task: string, part: Criterion, weight: ScoredWeight): Tensor {
  return askPiece(part, [weight], { task, name: 'criterion', kind: 'a criterion' })
}

/**
 * A criterion that is made of others: it needs their statistics, in as many steps as the longest of
 * them.
 */
export function combined(
  task: string,
  parts: readonly Criterion[],
  score: (weight: ScoredWeight) => Tensor,
): Criterion {
  if (parts.length === 0)
    throw optionError(new RangeError(`Cannot ${task}: expected at least one criterion, got none`))
  for (const part of parts) {
    checkIsCriterion(task, part)
    checkScoring(part)
    needsOf(part)
    const got =
      (part.compensate && 'one that compensates') ??
      (part.forRound && 'one that changes from round to round')
    if (got) throw optionError(new RangeError(`Cannot ${task}: expected ${ONLY_SCORE}, got ${got}`))
  }
  const [at = 'trained', ...others] = new Set(
    parts.filter(depends).map((part) => part.at ?? 'trained'),
  )
  if (others.length > 0) {
    throw new RangeError(
      `Cannot ${task}: expected statistics of the same weights, got one at ${at} and one at ${others[0]}`,
    )
  }
  const needs = parts.flatMap((part) => part.needs ?? [])
  const steps = Math.max(...parts.map((part) => part.steps ?? 1))
  const gather = gatherOf(task, parts)
  return Object.assign(score, { needs, at, steps, ...(gather && { gather }) })
}

/** The one way in which the statistics of all parts are gathered. */
function gatherOf(task: string, parts: readonly Criterion[]): Gather | undefined {
  const [gather, ...others] = new Set(parts.flatMap((part) => part.gather ?? []))
  if (others.length === 0) return gather
  const wanted = 'criteria whose statistics are gathered by one function'
  throw new RangeError(`Cannot ${task}: expected ${wanted}, got ${others.length + 1} functions`)
}

/** Whether it matters with which weights the statistics of a criterion are gathered. */
function depends(criterion: Criterion): boolean {
  return needsOf(criterion).some(({ statistic }) => statistic !== 'movement')
}
