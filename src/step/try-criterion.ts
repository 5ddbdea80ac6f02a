import { ones, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core'
import { askPiece } from '../internal/check-piece.js'
import type { ModelWeight } from '../internal/model-weights.js'
import { unitAxes } from '../layer-kinds/weight-axes.js'
import type { ResolvedModel } from '../select/resolve-model.js'
import type { Criterion, ScoredWeight } from '../types.js'
import { checkAnswer } from './check-scores.js'
import { stepPieces } from './step-options.js'
import { valuesOf } from './values-of.js'

/**
 * Throws unless a criterion returns a tensor of the right shape and type for the first weight, if it
 * can be tried. The values do not matter.
 */
export function checkCriterion({ prunable }: ResolvedModel, criterion: Criterion): void {
  const [first] = prunable
  if (!canTry(criterion)) return
  tidy(() => void tryCriterion(criterion, first!, first!.variable.clone()))
}

/**
 * Scores that a criterion may give a weight, with examples of the statistics that it needs: as if a
 * training had halved all values and turned the sign of every other one.
 */
export async function trialScores(
  criterion: Criterion,
  weight: ModelWeight,
): Promise<Float32Array> {
  const { variable } = weight
  const trained = (await variable.data()).map((value, i) => (i % 2 === 0 ? value : -value) / 2)
  return valuesOf(() => tryCriterion(criterion, weight, tensor(trained, variable.shape)))
}

/** Whether a criterion looks at weights alone, or there are examples of all that it needs. */
export function canTry({ needs = [], gather }: Criterion): boolean {
  return needs.length === 0 || gather?.examples !== undefined
}

/** Scores of a weight with these trained values, and statistics in place of examples. */
export function tryCriterion(
  criterion: Criterion,
  modelWeight: ModelWeight,
  final: Tensor,
  statistics: Partial<ScoredWeight> = {},
): Tensor {
  const { name, layer, role, variable } = modelWeight
  const { shape } = variable
  const mask = ones(shape)
  const place = { name, layer, role, unitAxes: unitAxes(modelWeight), round: 1 }
  const plain = { ...place, initial: variable, final, mask }
  const { needs = [], gather } = criterion
  const weight = { ...plain, ...gather?.examples?.(needs, shape), ...statistics }
  const trial = { ...weight, ofClass: () => weight }
  const answer = askPiece(criterion, [trial], stepPieces.criterion)
  return checkAnswer(answer, { name, task: 'score', shape })
}
