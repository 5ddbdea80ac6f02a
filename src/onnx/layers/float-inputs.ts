import { cast } from '../graph/cast.js'
import { cannotSay } from '../graph/onnx-error.js'
import { activationName } from './activations.js'
import type { LayerToWrite } from './layer-writer.js'

/** Classes that move elements of any type, or turn them into another one themselves. */
const ANY_TYPE = new Set([
  'Flatten',
  'Reshape',
  'Permute',
  'Dropout',
  'SpatialDropout1D',
  'GaussianNoise',
  'GaussianDropout',
  'AlphaDropout',
  'Concatenate',
  'Embedding',
  'Rescaling',
  'CategoryEncoding',
])

/** Classes of models, whose layers may round. */
const MODELS = new Set(['Sequential', 'Model', 'Functional'])

/** The call of the layer that does the work: the inner one of a `TimeDistributed`. */
function innermost(call: LayerToWrite): LayerToWrite {
  if (call.className !== 'TimeDistributed') return call
  return innermost(call.inner('layer', { inputs: call.inputs, outputs: call.outputs }))
}

/** Whether tfjs rounds the outcome to whole numbers where the input is of them. */
function isRounded(call: LayerToWrite): boolean {
  if (call.className === 'Activation') return ['selu', 'softplus'].includes(activationName(call))
  return call.className === 'BatchNormalization' || call.className === 'LayerNormalization'
}

/**
 * The call with its inputs as float32, where its operations in ONNX mix no types as tfjs does.
 * Throws where tfjs rounds the outcome to the type of an input.
 */
export function floatInputs(call: LayerToWrite): LayerToWrite {
  const { className, graph, inputs } = call
  const [first = 'float32', ...others] = inputs.map(({ dtype = 'float32' }) => dtype)
  const remedy = 'hand all inputs of the model over as float32'
  if (className === 'Concatenate' && others.some((dtype) => dtype !== first))
    throw cannotSay(call, `it joins ${first} and other types, which tfjs rounds`, remedy)
  const inner = innermost(call)
  if (MODELS.has(inner.className) && first !== 'float32')
    throw cannotSay(call, `the input of its model is ${first}`, remedy)
  if (isRounded(inner) && first !== 'float32')
    throw cannotSay(call, `its input is ${first}, to which tfjs rounds its outcome`, remedy)
  if (ANY_TYPE.has(className)) return call
  return { ...call, inputs: inputs.map((input) => cast(graph, input, 'float32')) }
}
