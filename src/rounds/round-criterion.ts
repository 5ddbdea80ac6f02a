import { checkFunctionPiece } from '../internal/check-piece.js'
import { needsOf } from '../statistics/needs.js'
import { stepPieces } from '../step/step-options.js'
import type { Criterion } from '../types.js'
import type { Run } from './run.js'

/** The criterion of the round after the finished ones. */
export function roundCriterion({ options, finished }: Run): Criterion {
  const { criterion } = options
  if (!criterion.forRound) return criterion
  const next = criterion.forRound(finished)
  checkFunctionPiece(next, { ...stepPieces.criterion, name: 'the answer of criterion.forRound' })
  const [before, after] = [criterion, next].map((one) => textOf(needsOf(one)))
  if (before === after) return next
  throw new RangeError(
    `Cannot prune: expected the needs of the criterion from its forRound, got ${after}`,
  )
}

const textOf = (needs: ReturnType<typeof needsOf>) =>
  needs
    .map(({ statistic, class: index }) => [statistic, index ?? []].flat().join(' of class '))
    .sort()
    .join(', ') || 'none'
