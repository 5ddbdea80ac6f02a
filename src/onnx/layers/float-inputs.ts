import { cast } from '../graph/cast.js'
import type { Value } from '../graph/graph.js'
import { cannotSay } from '../graph/onnx-error.js'
import { activationName } from './activations.js'
import type { LayerToWrite } from './layer-writer.js'

/** Classes that move elements of any type. */
const MOVING = [
  'Flatten',
  'Reshape',
  'Permute',
  'Dropout',
  'SpatialDropout1D',
  'GaussianNoise',
  'GaussianDropout',
  'AlphaDropout',
  'Concatenate',
]

/** Classes that take any type: the others turn it into another one themselves. */
const ANY_TYPE = new Set([...MOVING, 'Embedding', 'Rescaling', 'CategoryEncoding'])

/** Classes whose outcome tfjs holds in the type of their inputs, as found by running them. */
const KEEPING = new Set([
  ...MOVING,
  'ReLU',
  'MaxPooling1D',
  'MaxPooling2D',
  'GlobalMaxPooling1D',
  'GlobalMaxPooling2D',
  'ZeroPadding2D',
  'Cropping2D',
  'CenterCrop',
  'UpSampling2D',
  'RepeatVector',
  'Masking',
  'Add',
  'Multiply',
  'Maximum',
  'Minimum',
  'Dot',
])

/** The call of the layer that does the work: the inner one of a `TimeDistributed`. */
function innermost(call: LayerToWrite): LayerToWrite {
  if (call.className !== 'TimeDistributed') return call
  return innermost(call.inner('layer', { inputs: call.inputs, outputs: call.outputs }))
}

const heldType = ({ dtype = 'float32', heldAs }: Value) => heldAs ?? dtype

/**
 * The type in which tfjs holds the outcome of a call whose inputs are whole numbers or truth values;
 * undefined for float32.
 */
export function outcomeType(call: LayerToWrite): Value['heldAs'] {
  const types = call.inputs.map(heldType)
  const [first] = types
  if (first === undefined || first === 'float32' || types.includes('float32')) return undefined
  const inner = innermost(call)
  const isKept =
    inner.className === 'Activation'
      ? ['linear', 'relu'].includes(activationName(inner))
      : KEEPING.has(inner.className)
  return isKept ? first : undefined
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
  const [first = 'float32', ...others] = inputs.map(heldType)
  const remedy = 'hand all inputs of the model over as float32'
  if (className === 'Concatenate' && others.some((dtype) => dtype !== first))
    throw cannotSay(call, `it joins ${first} and other types, which tfjs rounds`, remedy)
  if (isRounded(innermost(call)) && first !== 'float32')
    throw cannotSay(call, `its input is ${first}, to which tfjs rounds its outcome`, remedy)
  if (ANY_TYPE.has(className)) return call
  return { ...call, inputs: inputs.map((input) => cast(graph, input, 'float32')) }
}
