import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { ModelOutput } from './option-checks.js'

/**
 * Throws when the model ends in a sigmoid or softmax while logits are expected: every score would
 * be off.
 */
export function checkOutputKind(action: string, model: LayersModel, output: ModelOutput): void {
  if (output !== 'logits') return
  const last = model.outputs[0]?.sourceLayer
  const named = last?.getConfig().activation
  const ending = last?.getClassName() === 'Softmax' ? 'softmax' : named
  if (ending !== 'softmax' && ending !== 'sigmoid') return
  throw new RangeError(
    `Cannot ${action}: expected a model that puts out logits, got one that ends in a ${ending}. ` +
      "Leave it out, or say output: 'probabilities' in the loss and in the evaluation.",
  )
}
