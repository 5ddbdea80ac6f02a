import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { ModelOutput } from '../internal/model-output.js'
import { outputOf } from '../layer-kinds/output-of.js'
import type { Loss } from '../types.js'

/**
 * The loss for the outputs of a model. Throws a RangeError where the model does not tell them, or
 * contradicts the loss.
 */
export function bindLoss<T extends Loss>(
  loss: T,
  { model, task }: { readonly model: LayersModel; readonly task: string },
): T {
  const { output, label } = loss.settings ?? {}
  if (loss.forOutput) return loss.forOutput(outputOf(model, { task, label })) as T
  if (output === 'logits' || output === 'probabilities')
    outputOf(model, { task, output: output as ModelOutput, label })
  return loss
}
