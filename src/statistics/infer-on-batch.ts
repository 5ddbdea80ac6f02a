import type { Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { keepingStates } from '../internal/model-states.js'
import { holdNorms } from '../training/hold-norms.js'

/**
 * The outputs of a model in inference, for one batch of any size; gradients pass. Not by `apply`:
 * the options that it hands from layer to layer keep the initial state of one recurrent layer,
 * which the next then trips over. Norms without a scale or a shift get 1 and 0 for a while: the
 * gradient of tfjs looks for both.
 */
export function inferOnBatch(model: LayersModel, inputs: readonly Tensor[]): Tensor | Tensor[] {
  return keepingStates(model, () =>
    holdNorms(model)(() => model.predictOnBatch(inputs.length === 1 ? inputs[0]! : [...inputs])),
  )
}
