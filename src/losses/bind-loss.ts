import type { LayersModel } from '@tensorflow/tfjs-layers'
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
  if (loss.forOutput) return loss.forOutput(outputOf(model, { task })) as T
  if (loss.settings?.output === 'logits') outputOf(model, { task, output: 'logits' })
  return loss
}
