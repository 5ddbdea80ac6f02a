import { tidy, zeros } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkFunction } from '../internal/check-function.js'
import { checkModel } from '../internal/check-model.js'
import { refuseFactory } from '../internal/check-piece.js'
import type { Loss } from '../types.js'
import { bindLoss } from './bind-loss.js'

const task = 'choose the loss of a model'

/**
 * The loss for the outputs of a model, for `model.compile` and your own loops.
 *
 * A loss does not see the model that it trains: with `output: 'auto'`, called by itself, it takes
 * logits. `fit` looks at the model itself; elsewhere this does it. A model that ends in a sigmoid
 * or softmax, also inside a nested model or before layers that change the shape alone, puts out
 * probabilities; any other puts out logits.
 *
 * @param model A model with one output.
 * @param loss Any loss. One without `forOutput`, such as your own, comes back as it is.
 * @returns A loss of the same settings. Where `loss` learns, such as `falseNegativeBudget`, both
 *   share what was learnt.
 * @throws {TypeError} If `model` is no model, or the loss is not a function or a factory that was not
 *   called.
 * @throws {RangeError} If the loss takes logits and the model ends in a sigmoid or softmax, or the
 *   model does not tell, such as one that ends in a layer of your own: give the loss an `output`
 *   then.
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { lossFor, weightedCrossentropy } from 'tfjs-prune'
 *
 * const last = layers.dense({ units: 1, activation: 'sigmoid', inputShape: [4] })
 * const model = sequential({ layers: [last] })
 * const loss = lossFor(model, weightedCrossentropy({ weights: 5 }))
 * model.compile({ optimizer: 'sgd', loss })
 * if (loss.settings?.output !== 'probabilities') throw new Error('the model ends in a sigmoid')
 * ```
 * @see {@link Loss}
 */
export function lossFor<T extends Loss>(model: LayersModel, loss: T): T {
  checkModel(model, task)
  checkFunction(loss, { task, name: 'loss' })
  if (loss.length < 2 && !loss.settings) refuseUncalled(loss, model)
  return bindLoss(loss, { model, task })
}

/** Throws if a function of fewer arguments than labels and outputs makes a loss instead. */
function refuseUncalled(loss: Loss, { outputs: [output] }: LayersModel): void {
  tidy(() => {
    const sample = zeros((output?.shape ?? []).map((size) => size ?? 1))
    refuseFactory(loss, [sample, sample], { task, name: 'loss', kind: 'a loss' })
  })
}
