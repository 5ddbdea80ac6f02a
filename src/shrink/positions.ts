import { classNameOf } from '../internal/class-name.js'
import { outputShapesOf, type WalkedCall } from './walk-calls.js'

type PlacedCall = Pick<WalkedCall, 'layer' | 'inputShapes' | 'outputShapes'>

const RECURRENT = ['RNN', 'SimpleRNN', 'GRU', 'LSTM']
const PER_OUTPUT = ['Dense', 'Conv1D', 'Conv2D', 'Conv3D', 'DepthwiseConv2D', 'SeparableConv2D']
const PER_INPUT = ['Conv2DTranspose', 'Conv3DTranspose']

/**
 * How often each element of a layer's kernels is multiplied for one sample; 0 for a layer that is
 * not known.
 */
export function positionsOf({ layer, inputShapes, outputShapes }: PlacedCall): number {
  const className = classNameOf(layer)
  const isFirst = layer.getConfig().dataFormat === 'channelsFirst'
  const [input, output] = [inputShapes[0]!, outputShapes[0]!]
  if (RECURRENT.includes(className)) return input[1]!
  if (PER_OUTPUT.includes(className)) return product(placesOf(output, isFirst))
  if (PER_INPUT.includes(className)) return product(placesOf(input, isFirst))
  if (className !== 'ConvLSTM2D') return 0
  const { returnSequences } = layer.getConfig()
  const sides = returnSequences ? [output[0]!, ...output.slice(2)] : output
  return input[1]! * product(placesOf(sides, isFirst))
}

/** Sides of a shape but the batch and the channels. */
function placesOf(shape: readonly number[], isFirst: boolean): readonly number[] {
  return isFirst ? shape.slice(2) : shape.slice(1, -1)
}

function product(sides: readonly number[]): number {
  return sides.reduce((total, side) => total * side, 1)
}

/**
 * The call of the layer that a wrapper calls, once for each step of the time, or for each
 * direction.
 */
export function innerCalls(
  call: WalkedCall,
): { readonly call: WalkedCall; readonly times: number }[] {
  const { layer, inputShapes } = call
  const {
    layer: wrapped,
    forwardLayer,
    backwardLayer,
  } = layer as unknown as Record<string, WalkedCall['layer']>
  const className = layer.getClassName()
  const inside = (inner: WalkedCall['layer'], shapes: number[][], times: number) => {
    const outputShapes = outputShapesOf(inner, shapes)
    return { call: { ...call, layer: inner, inputShapes: shapes, outputShapes }, times }
  }
  if (className === 'TimeDistributed') {
    const [batch, steps, ...sides] = inputShapes[0]!
    return [inside(wrapped!, [[batch!, ...sides]], steps!)]
  }
  if (className !== 'Bidirectional') return []
  const shapes = inputShapes.slice(0, 1)
  return [forwardLayer!, backwardLayer!].map((direction) => inside(direction, [...shapes], 1))
}
