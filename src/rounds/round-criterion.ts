import { checkFunctionPiece } from '../internal/check-piece.js'
import { stepPieces } from '../step/step-options.js'
import type { Criterion } from '../types.js'
import type { Run } from './run.js'

/** The criterion of the round after the finished ones. */
export function roundCriterion({ options, finished }: Run): Criterion {
  const { criterion } = options
  if (!criterion.forRound) return criterion
  const next = criterion.forRound(finished)
  checkFunctionPiece(next, { ...stepPieces.criterion, name: 'the answer of forRound' })
  const [wanted, got] = [criterion, next].map(({ needs = [] }) => JSON.stringify(needs))
  if (wanted === got) return next
  throw new RangeError(`Cannot prune: expected ${wanted} as needs of forRound, got ${got}`)
}
