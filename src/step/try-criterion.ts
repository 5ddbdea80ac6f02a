import { ones, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core'
import { askPiece } from '../internal/check-piece.js'
import type { ModelWeight } from '../internal/model-weights.js'
import { unitAxes } from '../layer-kinds/weight-axes.js'
import type { ResolvedModel } from '../select/resolve-model.js'
import { examples } from '../statistics/examples.js'
import type { Criterion } from '../types.js'
import { checkAnswer } from './check-scores.js'
import { stepPieces } from './step-options.js'
import { valuesOf } from './values-of.js'

/**
 * Throws unless a criterion returns a tensor of the right shape and type for the first weight. The
 * values do not matter.
 */
export function checkCriterion({ prunable }: ResolvedModel, criterion: Criterion): void {
  const [first] = prunable
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

function tryCriterion(criterion: Criterion, modelWeight: ModelWeight, final: Tensor): Tensor {
  const { name, layer, role, variable } = modelWeight
  const { shape } = variable
  const mask = ones(shape)
  const place = { name, layer, role, unitAxes: unitAxes(modelWeight), round: 1 }
  const plain = { ...place, initial: variable, final, mask }
  const weight = { ...plain, ...examples(criterion, shape) }
  const trial = { ...weight, ofClass: () => weight }
  const answer = askPiece(criterion, [trial], stepPieces.criterion)
  return checkAnswer(answer, { name, task: 'score', shape })
}
