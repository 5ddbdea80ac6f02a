import { add, gather, type Tensor, tensor1d, zeros } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { modelWeights } from '../internal/model-weights.js'
import type { Renew } from '../layers/rebuild-model.js'
import type { Call } from './graph.js'
import type { Plan } from './plan.js'

/** Along which axes a weight follows the channels of its layer's input or output. */
interface Axes {
  readonly input?: number
  readonly output?: number
}

/** Gives the weights of the new model what stays of the old one's. */
export function cutWeights(model: LayersModel, { understood, keptOf, shifts }: Plan): Renew {
  const sources = new Map(
    modelWeights(model).map((weight) => [weight.name, weight.variable as Tensor]),
  )
  return (weight) => {
    const call = understood.get(weight.layer)
    const source = sources.get(weight.name)
    const axes = call && axesOf(call, weight.role, source?.shape ?? [0])
    if (!axes) return undefined
    const [inputs, outputs] = [keptOf(call.inputs[0]!), keptOf(call.outputs[0]!)]
    const shift = weight.role === 'bias' ? shifts.get(weight.layer) : undefined
    let values = source ?? zeros([shift!.length])
    if (axes.input !== undefined)
      values = take(values, rowsOf(inputs, values.shape[axes.input]!, call), axes.input)
    if (axes.output !== undefined) values = take(values, outputs, axes.output)
    return shift
      ? add(values, tensor1d(Float32Array.from(outputs, (channel) => shift[channel]!)))
      : values
  }
}

function take(values: Tensor, indices: readonly number[], axis: number): Tensor {
  if (indices.length === values.shape[axis]) return values
  // The sum is a tensor of its own: wasm remembers what gather gives by a shape of four axes, and
  // refuses it as a bias.
  return add(gather(values, tensor1d([...indices], 'int32'), axis), 0)
}

/**
 * Rows of the inputs that stay: a separable convolution's second kernel has several rows for each.
 */
function rowsOf(inputs: readonly number[], rows: number, call: Call): readonly number[] {
  const each = rows / call.inputs[0]!.shape.at(-1)!
  return inputs.flatMap((input) => Array.from({ length: each }, (_, i) => input * each + i))
}

function axesOf(
  { className, inputs }: Call,
  role: string,
  shape: readonly number[],
): Axes | undefined {
  const [last, before] = [shape.length - 1, shape.length - 2]
  switch (className) {
    case 'Embedding':
      return { output: last }
    case 'BatchNormalization':
      return { output: 0 }
    case 'PReLU':
      // A side of 1 is shared by all channels.
      return shape[last] === 1 && inputs[0]!.shape.at(-1) !== 1 ? undefined : { output: last }
    case 'Conv2DTranspose':
    case 'Conv3DTranspose':
      return role === 'bias' ? { output: 0 } : { input: last, output: before }
    case 'Dense':
    case 'Conv1D':
    case 'Conv2D':
    case 'Conv3D':
    case 'SeparableConv2D':
    case 'DepthwiseConv2D':
      if (role === 'bias') return { output: 0 }
      return role === 'depthwise_kernel' ? { input: before } : { input: before, output: last }
    default:
      return undefined
  }
}
