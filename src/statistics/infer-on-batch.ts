import type { Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { keepingStates } from '../internal/model-states.js'
import { holdNorms } from '../training/hold-norms.js'
import type { StepMask } from './step-masks.js'

/**
 * The outputs of a model in inference, for one batch of any size; gradients pass. Not by `apply`:
 * the options that it hands from layer to layer keep the initial state of one recurrent layer,
 * which the next then trips over. Norms without a scale or a shift get 1 and 0 for a while: the
 * gradient of tfjs looks for both. A mask is handed in as tfjs does with that of a nested model.
 */
export function inferOnBatch(
  model: LayersModel,
  inputs: readonly Tensor[],
  mask: StepMask = null,
): Tensor | Tensor[] {
  const given = inputs.length === 1 ? inputs[0]! : [...inputs]
  return keepingStates(model, () =>
    holdNorms(model)(() => (mask ? model.call(given, { mask }) : model.predictOnBatch(given))),
  )
}
