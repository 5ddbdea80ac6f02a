import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkFunctionPiece, refuseFactory } from './internal/check-piece.js'
import { denseMask } from './masks/dense-mask.js'
import { rewindToInitial } from './rewind/rewind-to-initial.js'
import { checkOptions, checkResume } from './rounds/check-options.js'
import type { PruningOptions } from './rounds/pruning-options.js'
import { pruningRounds } from './rounds/pruning-rounds.js'
import { applyTrained, type Round } from './rounds/round.js'
import type { SkippedLayer } from './select/prunable-weights.js'
import { selectWeights } from './select/select-weights.js'
import { never } from './stopping/never.js'
import type { StoppingDecision, StoppingRule } from './types.js'

const task = 'prune'

/** Options of {@link prune}. */
export interface PruneOptions extends PruningOptions {
  /** When to stop and which round to keep. @default never(): the last round of the schedule */
  readonly stop?: StoppingRule
}

/** What both outcomes of {@link prune} have in common. */
interface Outcome {
  /** All finished rounds, the dense one first. */
  readonly rounds: readonly Round[]
  /** Why the kept round is kept, or why no round is, in words with the numbers. */
  readonly reason: string
  /** Why the run ended: the words of the rule that stopped it, or that the schedule is done. */
  readonly ended: string
  /** Layers that have weights and were left whole, and why. */
  readonly skipped: readonly SkippedLayer[]
}

/** A round met the rule: the model holds its trained sparse weights. */
export interface KeptResult extends Outcome {
  readonly feasible: true
  readonly kept: Round
}

/** No round met the rule: the model holds the trained dense weights of round 0. */
export interface InfeasibleResult extends Outcome {
  readonly feasible: false
  readonly kept: undefined
}

/** The outcome of {@link prune}; look at `feasible` before you ship. */
export type PruneResult = KeptResult | InfeasibleResult

/**
 * Prunes a model by Algorithm 1 and keeps the round that the stopping rule chooses.
 *
 * Each round trains the network, scores its weights, prunes the lowest, and lets the survivors
 * restart; the ledger of every round shows the false negatives. The defaults are the paper's: seven
 * levels from 100 to 1.57 %, magnitude increase, per layer, rewinding to W0; and for `fit` its
 * class-dependent loss. The model is changed in place.
 *
 * @param model A built model.
 * @param options Training, evaluation, stopping rule and the pieces to combine.
 * @returns The rounds, the kept one, and why. `feasible: false` when no round met the rule; the
 *   model then holds the trained dense network. No tensor is left behind.
 * @throws {TypeError | RangeError} If {@link pruningRounds} would throw.
 * @throws {RangeError} If the rule names a round that does not exist.
 * @see Entezari and Saukh 2020, Class-dependent Compression of Deep Neural Networks, arXiv
 *   1909.10364, algorithm 1.
 *
 * @example
 * ```ts
 * import { randomNormal, train } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { evaluateOn, falseNegativesAtMost, fit, prune } from 'tfjs-prune'
 *
 * const hidden = layers.dense({ units: 16, activation: 'relu', inputShape: [4] })
 * const model = sequential({ layers: [hidden, layers.dense({ units: 2 })] })
 * const data = { xs: randomNormal([32, 4]), ys: Int32Array.from({ length: 32 }, (_, i) => Number(i % 4 === 0)) }
 * const result = await prune(model, {
 *   train: fit(data, { optimizer: () => train.momentum(0.01, 0.9), epochs: 2, clipNorm: 5 }),
 *   evaluate: evaluateOn(data, { positiveClass: 1 }),
 *   stop: falseNegativesAtMost(8),
 * })
 * if (!result.feasible) throw new Error(result.reason)
 * if (result.kept.density > 0.03) throw new Error('a budget of all 8 positives accepts the last level')
 * ```
 */
export async function prune(model: LayersModel, options: PruneOptions): Promise<PruneResult> {
  const { stop = never(), select = {}, resume = [] } = options ?? {}
  checkFunctionPiece(stop, { task, name: 'stop', kind: 'a stopping rule' })
  checkOptions(options, ['stop'])
  refuseFactory(stop, [[]], { task, name: 'stop', kind: 'a stopping rule' })
  const { skipped } = selectWeights(model, select)
  checkResume(model, resume, {
    dense: denseMask(model, select),
    rewinder: options.rewind ?? rewindToInitial(),
  })
  const rounds: Round[] = [...resume]
  // A rule looks at finished rounds: without one there is nothing to ask.
  let decision = rounds.length > 0 ? decide(stop, rounds) : UNDECIDED
  if (!decision.stop) {
    const { stop: _, ...others } = options
    for await (const round of pruningRounds(model, others)) {
      rounds.push(round)
      decision = decide(stop, rounds)
      if (decision.stop) break
    }
  }
  const { keep, reason } = decision
  applyTrained(model, rounds[keep ?? 0]!)
  const found = { rounds, reason, ended: whyEnded(decision, options.schedule), skipped }
  return keep === undefined
    ? { ...found, feasible: false, kept: undefined }
    : { ...found, feasible: true, kept: rounds[keep]! }
}

function whyEnded(decision: StoppingDecision, schedule: PruneOptions['schedule']): string {
  const { stop, reason, latest = reason } = decision
  if (stop) return latest
  const endless = typeof schedule === 'function' && schedule.rounds === undefined
  return endless ? 'nothing is left to prune' : 'the schedule is done'
}

const UNDECIDED: StoppingDecision = { stop: false, reason: 'no round is finished', keep: undefined }

function decide(stop: StoppingRule, rounds: readonly Round[]): StoppingDecision {
  const decision = stop(rounds)
  if (typeof decision?.stop !== 'boolean') {
    throw new TypeError(
      `Cannot stop: expected the rule to return { stop, reason, keep }, got ${JSON.stringify(decision)}`,
    )
  }
  const { keep } = decision
  if (keep !== undefined && !rounds[keep]) {
    throw new RangeError(
      `Cannot keep a round: expected one of ${rounds.length} finished rounds, got ${keep}`,
    )
  }
  return decision
}
