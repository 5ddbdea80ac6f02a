import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkFree } from '../internal/busy-models.js'
import { modelWeights } from '../internal/model-weights.js'
import { type WeightValues, writeValues } from '../internal/weight-values.js'
import { applyBoundMask } from '../masks/apply-mask.js'
import type { Mask, MaskedWeight } from '../masks/mask.js'
import type { Evaluation, RoundReport, TrainingPosition } from '../types.js'
import { checkArrays } from './check-arrays.js'
import { checkSameWeights } from './check-same-weights.js'
import { bindHeld } from './held-mask.js'
import type { OptimizerSlots } from './optimizer-slots.js'
import type { PackedWeights } from './packed-weights.js'
import type { RoundPieces } from './round-pieces.js'
import { writeTrained } from './write-trained.js'

/** The part of round 0 that a rewinder remembers. */
export interface Checkpoint {
  readonly position: TrainingPosition
  readonly weights: Readonly<WeightValues>
  /** Optimizer state, where the rewinder asks for it. */
  readonly optimizer?: OptimizerSlots
}

/**
 * A finished round: its report, its mask and the values that bring it back. Plain data: it
 * survives `structuredClone` and IndexedDB, and a list of rounds is the whole state of a run.
 */
export interface Round<E = Evaluation> extends RoundReport<E> {
  readonly mask: Mask
  /** Weights that `complete` of the granularity held at 0 beside the mask; left out: none. */
  readonly completed?: readonly MaskedWeight[]
  /** Weights after training, packed. */
  readonly trained: PackedWeights
  /** W0 of the run; all rounds share it. */
  readonly initial: Readonly<WeightValues>
  /** Density that the schedule asked for, and the pieces that made the round. */
  readonly made?: RoundPieces & { readonly density: number }
  /** Name of the rewinder that the run was made with. */
  readonly rewinder: string
  /** The rewinder's checkpoint, where it has one; all rounds share it. */
  readonly checkpoint?: Checkpoint
  /** Sums of - weight times gradient over the round's steps, where the criterion needs them. */
  readonly movement?: Readonly<WeightValues>
  /** Optimizer state at the end of the round, where the rewinder keeps it. */
  readonly optimizer?: OptimizerSlots
}

/**
 * Gives a model the trained sparse weights of a round: the network to ship.
 *
 * @param model The model that was pruned, or one of the same layers.
 * @param round A finished round.
 * @throws {TypeError | RangeError} If the round's mask does not fit the model; nothing is changed
 *   then.
 * @throws {Error} If a run is at work on the model.
 *
 * @example
 * ```ts
 * import { randomNormal, train } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { applyTrained, evaluateOn, fit, prune } from 'tfjs-prune'
 *
 * const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [8], useBias: false })] })
 * const data = { xs: randomNormal([8, 8]), ys: [0, 1, 0, 1, 0, 1, 0, 1] }
 * const { rounds } = await prune(model, {
 *   train: fit(data, { optimizer: () => train.sgd(0.01), epochs: 1 }),
 *   evaluate: evaluateOn(data, { positiveClass: 1 }),
 *   schedule: [1, 0.5, 0.25],
 * })
 * applyTrained(model, rounds[1]!)
 * if (model.getWeights()[0]!.dataSync().filter((value) => value !== 0).length !== 8) throw new Error('half is alive')
 * ```
 */
export function applyTrained(model: LayersModel, round: Round<object>): void {
  checkFree(model, 'set the weights')
  writeTrained(modelWeights(model), round)
}

/**
 * Gives a model the ticket of a round: mask * W0, the sparse network before training.
 *
 * Not to be confused with {@link applyTrained}: a ticket has to be trained before it is of use.
 * Biases and normalisations that the run held at 0 beside the mask, as `units()` adds them, are 0 in
 * it too.
 *
 * @param model The model that was pruned, or one of the same layers.
 * @param round A finished round.
 * @throws {TypeError | RangeError} If the round's mask does not fit the model; nothing is changed
 *   then.
 * @throws {Error} If a run is at work on the model.
 *
 * @example
 * ```ts
 * import { randomNormal, train } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { applyTicket, evaluateOn, fit, prune } from 'tfjs-prune'
 *
 * const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [8], useBias: false })] })
 * const before = model.getWeights()[0]!.dataSync().slice()
 * const data = { xs: randomNormal([8, 8]), ys: [0, 1, 0, 1, 0, 1, 0, 1] }
 * const { rounds } = await prune(model, {
 *   train: fit(data, { optimizer: () => train.sgd(0.01), epochs: 1 }),
 *   evaluate: evaluateOn(data, { positiveClass: 1 }),
 *   schedule: [1, 0.5],
 * })
 * applyTicket(model, rounds[1]!)
 * const ticket = model.getWeights()[0]!.dataSync()
 * if (!ticket.every((value, i) => value === 0 || value === before[i])) throw new Error('W0 where it is kept')
 * ```
 */
export function applyTicket(model: LayersModel, round: Round<object>): void {
  checkFree(model, 'apply the ticket')
  const weights = modelWeights(model)
  checkArrays(round as Partial<Round>, { task: 'apply the ticket', parts: ['mask', 'initial'] })
  const bound = bindHeld(weights, round)
  checkSameWeights(weights, round.initial)
  writeValues(weights, round.initial)
  applyBoundMask(bound)
}
