import { cast, ones, type Tensor, tensor } from '@tensorflow/tfjs-core'
import { hostScoresOf } from '../criteria/host-scores.js'
import { askPiece } from '../internal/check-piece.js'
import { keepOnly } from '../internal/keep-only.js'
import { firstNonFinite, type WeightValues } from '../internal/weight-values.js'
import { unitAxes } from '../layer-kinds/weight-axes.js'
import type { PrunableVariable } from '../select/resolve-model.js'
import type { Criterion, GatheredStatistics, ScoredWeight } from '../types.js'
import { checkAnswer, checkFiniteValues } from './check-scores.js'
import { lookAtValues } from './look-at-values.js'
import { stepPieces } from './step-options.js'
import { valuesOf } from './values-of.js'

/** A weight that is to be scored. */
export interface Scoring {
  readonly weight: PrunableVariable
  readonly mask: Uint8Array
  /** Values before training; undefined for the present ones. */
  readonly before: WeightValues[string] | undefined
  readonly round: number
  readonly gathered: GatheredStatistics
}

/**
 * Scores of one weight on the host. Throws if they or the weights are not finite, or not of the
 * right shape.
 */
export async function scoreWeight(criterion: Criterion, scoring: Scoring): Promise<Float32Array> {
  const { weight, mask } = scoring
  const { name, variable } = weight
  const checkWeight = async () =>
    checkFiniteValues(await variable.data(), { name, what: 'weights' })
  const hostScores = hostScoresOf(criterion)
  if (hostScores && variable.dtype === 'float32') {
    const scores = await lookAtValues(variable, hostScores)
    if (scores) return scores
    await checkWeight()
  }
  const { showsNonFinite = false } = criterion
  if (!showsNonFinite) await checkWeight()
  const scores = await valuesOf(() => {
    const answer = askPiece(criterion, [scoredWeight(criterion, scoring)], stepPieces.criterion)
    return checkAnswer(answer, { name, task: 'score', shape: variable.shape })
  })
  if (showsNonFinite) {
    if (firstNonFinite(scores) < 0) return scores
    await checkWeight()
  }
  checkFiniteValues(scores, { name, what: 'scores', mask })
  return scores
}

/** New values of one weight, which make up for the elements that the mask prunes; +0 there. */
export async function compensateWeight(
  criterion: Criterion,
  scoring: Scoring,
  mask: Uint8Array,
): Promise<Float32Array> {
  const { name, variable } = scoring.weight
  const { shape } = variable
  const found = await valuesOf(() => {
    const kept = tensor(mask, shape, 'bool')
    const answer = criterion.compensate!(scoredWeight(criterion, scoring), cast(kept, 'float32'))
    return keepOnly(checkAnswer(answer, { name, task: 'compensate', shape }), kept)
  })
  checkFiniteValues(found, { name, what: 'compensated weights', mask })
  return found.slice()
}

/** A weight as a criterion sees it; its tensors belong to the tidy around it. */
function scoredWeight(
  criterion: Criterion,
  { weight, mask, before, round, gathered }: Scoring,
): ScoredWeight {
  const { name, layer, role, variable } = weight
  const { shape } = variable
  const initial = before ? tensor(before, shape) : variable
  let kept: Tensor | undefined
  // Made where a criterion looks at it: of a large weight it takes as long as the selection.
  const maskTensor = () => {
    if (!kept || kept.isDisposed)
      kept = mask.includes(0) ? tensor(new Float32Array(mask), shape) : ones(shape)
    return kept
  }
  const plain = {
    ...{ name, layer, role, unitAxes: unitAxes(weight), round, initial, final: variable },
    ...gathered.of(name, undefined),
    get mask() {
      return maskTensor()
    },
  }
  const byClass = (criterion.needs ?? []).some((need) => typeof need === 'object')
  const ofClass = (index: number): ScoredWeight => ({ ...plain, ...gathered.of(name, index) })
  return byClass ? { ...plain, ofClass } : plain
}
