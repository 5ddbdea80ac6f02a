import type { Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Container } from '../internal/model-graph.js'
import { inferOnBatch } from './infer-on-batch.js'
import type { StepMask } from './step-masks.js'

/**
 * Values of symbolic tensors of the graph, in inference, and of its outputs: these come first, as
 * layers are to be computed in the order of the model. The caller disposes those that are no inputs.
 */
export function graphValues(
  container: Container,
  inputs: readonly Tensor[],
  tensors: readonly SymbolicTensor[],
  mask: StepMask = null,
): Map<SymbolicTensor, Tensor> {
  const { inputs: symbols, outputs: last } = container
  const values = new Map(symbols.map((symbol, i) => [symbol, inputs[i]!]))
  if (tensors.every((tensor) => values.has(tensor))) return values
  const outputs = [...new Set([...last, ...tensors])].filter((tensor) => !values.has(tensor))
  const Model = modelClassOf(container)
  const probe = new Model({ inputs: [...symbols], outputs })
  for (const [i, value] of [inferOnBatch(probe, inputs, mask)].flat().entries())
    values.set(outputs[i]!, value)
  return values
}

type ModelClass = new (args: { inputs: SymbolicTensor[]; outputs: SymbolicTensor[] }) => LayersModel

/**
 * The class LayersModel itself, by way of an object: importing it would bring all of tfjs-layers
 * into every bundle.
 */
function modelClassOf(container: Container): ModelClass {
  let found: { readonly constructor: { readonly className?: string } } =
    Object.getPrototypeOf(container)
  while (found.constructor.className !== 'Model') {
    found = Object.getPrototypeOf(found)
    if (!found)
      throw new TypeError('Cannot observe layers: expected a LayersModel, got another class')
  }
  return found.constructor as unknown as ModelClass
}
