import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkFree } from '../internal/busy-models.js'
import { modelWeights } from '../internal/model-weights.js'
import { assignValues } from '../internal/weight-values.js'
import { applyBoundMask } from '../masks/apply-mask.js'
import type { Rewinder } from '../types.js'
import { checkArrays } from './check-arrays.js'
import { checkRewinder } from './check-rewinder.js'
import { checkSameWeights } from './check-same-weights.js'
import { isCaptured } from './dense-round.js'
import { bindHeld } from './held-mask.js'
import { rewindWeights } from './rewind-weights.js'
import type { Round } from './round.js'
import { writeTrained } from './write-trained.js'

const task = 'apply the rewound round'

/**
 * Gives a model the start that a rewinder makes of a finished round: its mask, with the weights that
 * `units()` adds to it, and the values that the next round would begin with.
 *
 * `applyTicket` is that of `rewindToInitial()`. Another rewinder than that of the run asks another
 * question of the same mask: `rewindToSign({ signs: 'trained', magnitudes: 'drawn', seed })`, say,
 * makes the signed mask of a run whose rounds kept their weights. Train it with `prune(model, {
 * previous: round.mask, schedule: [1], ... })`.
 *
 * @param model The model that was pruned, or one of the same layers; changed in place, as a whole
 *   or, on an error, not at all.
 * @param round A finished round; its trained weights, and W0 of its run, are the sources.
 * @param rewinder Says where the weights restart.
 * @throws {TypeError | RangeError} If the round's mask does not fit the model, the value is no
 *   rewinder, or its round does not hold the point that the rewinder captures.
 * @throws {Error} If a run is at work on the model.
 *
 * @example
 * ```ts
 * import { randomNormal, train } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { applyRewound, evaluateOn, fit, prune, rewindLearningRate, rewindToSign } from 'tfjs-prune'
 *
 * const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [8], useBias: false })] })
 * const data = { xs: randomNormal([8, 8]), ys: [0, 1, 0, 1, 0, 1, 0, 1] }
 * const evaluate = evaluateOn(data, { positiveClass: 1 })
 * const optimizer = () => train.sgd(0.1)
 * const { rounds } = await prune(model, {
 *   train: fit(data, { optimizer, epochs: 2 }),
 *   evaluate,
 *   schedule: [1, 0.5],
 *   rewind: rewindLearningRate(),
 * })
 * const trained = model.getWeights()[0]!.dataSync().slice()
 * applyRewound(model, rounds[1]!, rewindToSign({ signs: 'trained', magnitudes: 'drawn', seed: 1 }))
 * const start = model.getWeights()[0]!.dataSync()
 * if (!start.every((value, i) => Math.sign(value) === Math.sign(trained[i]!))) throw new Error('other signs')
 * ```
 */
export function applyRewound(model: LayersModel, round: Round<object>, rewinder: Rewinder): void {
  checkRewinder(rewinder, { task, name: 'rewinder' })
  checkFree(model, task)
  const weights = modelWeights(model)
  checkArrays(round as Partial<Round>, { task, parts: ['mask', 'trained', 'initial'] })
  const bound = bindHeld(weights, round)
  checkSameWeights(weights, round.initial)
  const { checkpoint, initial } = round
  const { name, capture } = rewinder
  if (capture && !isCaptured(checkpoint, capture)) {
    const wanted = `one that holds ${JSON.stringify(capture)} for ${name}`
    throw new RangeError(`Cannot ${task}: expected ${wanted}, got another`)
  }
  const before = weights.map(({ variable }) => variable.dataSync().slice())
  try {
    writeTrained(weights, round)
    const captured = (capture && checkpoint?.weights) || initial
    rewindWeights({ model, weights }, rewinder, { initial, captured, round: round.round + 1 })
    applyBoundMask(bound)
  } catch (error) {
    for (const [i, { variable }] of weights.entries())
      assignValues(variable, before[i] as Float32Array)
    throw error
  }
}
