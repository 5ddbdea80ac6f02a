import type { GraphBuilder } from '../graph/builder.js'
import type { Side, Value } from '../graph/graph.js'
import { cannotSay } from '../graph/onnx-error.js'
import { activated, elementwise } from './activations.js'
import { biasOf } from './dense.js'
import { windowKernel } from './kernels.js'
import type { LayerToWrite, LayerWriter } from './layer-writer.js'
import { flagOption, numberOption } from './options.js'
import { windowAttributes, windowOf } from './windows.js'

/** The sides of a sequence of images that have to be known. */
interface Sides {
  readonly batch: Side
  readonly steps: number
  /** Of an image that goes in, its channels included. */
  readonly image: readonly number[]
  /** Of a state. */
  readonly state: readonly [height: number, width: number, filters: number]
}

/** The states between two steps: images with their channels first. */
interface States {
  readonly hidden: Value
  readonly carry: Value
}

/**
 * ONNX has no such recurrence, so that its steps are written one after the other. All steps share
 * one convolution of their inputs.
 */
const convLstm: LayerWriter = (layer) => {
  if (flagOption(layer, 'stateful', false))
    throw cannotSay(layer, 'it is stateful', 'run the model in tfjs')
  const { graph } = layer
  const x = graph.channelsLast(layer.inputs[0]!)
  const sides = sidesOf(layer, x)
  const inputs = convolvedInputs(layer, x, sides)
  const order = Array.from({ length: sides.steps }, (_, step) => step)
  if (flagOption(layer, 'goBackwards', false)) order.reverse()
  // tfjs hands no states to this layer: they begin as zeros, which need no node.
  let states: States | undefined
  const hidden = order.map((step) => {
    states = nextStates(layer, stepOf(layer, inputs, { step, sides }), states)
    return states.hidden
  })
  const last = states as States
  const ends = flagOption(layer, 'returnState', false) ? [last.hidden, last.carry] : []
  const isSequence = flagOption(layer, 'returnSequences', false)
  return [isSequence ? sequenceOf(graph, hidden, sides) : last.hidden, ...ends]
}

function sidesOf(layer: LayerToWrite, { shape: [batch, steps, ...image] }: Value): Sides {
  const state = layer.outputs[0]!.slice(-3)
  const sides = [steps!, ...image, ...state]
  if (sides.includes(null)) {
    const reason = `its input has the shape [${[steps, ...image].map((side) => side ?? 'open')}]`
    throw cannotSay(layer, reason, 'give its steps and its images fixed sizes')
  }
  return { batch: batch!, steps: steps!, image: image as number[], state: state as never }
}

/** The products of all steps with the kernel, as the file has them: `[batch, steps, gates, ...]`. */
function convolvedInputs(layer: LayerToWrite, x: Value, { batch, steps, image, state }: Sides) {
  const { graph } = layer
  const [height, width, filters] = state
  const images = graph.channelsFirst(
    graph.node('Reshape', { inputs: [x, graph.ints([-1, ...image])], shape: [null, ...image] }),
  )
  const bias = biasOf(layer)
  const gates = graph.node('Conv', {
    inputs: [images, windowKernel(layer), ...(bias === undefined ? [] : [bias])],
    attributes: windowAttributes(windowOf(layer, { axes: 2, size: 'kernelSize' }), images),
    ...{ shape: [null, height, width, 4 * filters], channelsFirst: true },
  })
  const shape = [steps, 4 * filters, height, width]
  const target = graph.ints([-1, ...shape])
  return graph.node('Reshape', { inputs: [gates, target], shape: [batch, ...shape] })
}

/** The products of one step, channels first. */
function stepOf(
  { graph }: LayerToWrite,
  inputs: Value,
  { step, sides: { batch, state } }: { readonly step: number; readonly sides: Sides },
): Value {
  const [height, width, filters] = state
  return graph.node('Gather', {
    inputs: [inputs, graph.scalar(step, 'int32')],
    attributes: { axis: { int: 1 } },
    ...{ shape: [batch, height, width, 4 * filters], channelsFirst: true },
  })
}

/** One step of the cell. tfjs: input, forget, carry, output. */
function nextStates(layer: LayerToWrite, fromInput: Value, before: States | undefined): States {
  const { graph } = layer
  const filters = numberOption(layer, 'filters')
  const both = before
    ? elementwise(graph, 'Add', [fromInput, recurrentProduct(layer, fromInput, before.hidden)])
    : fromInput
  const part = { shape: [...both.shape.slice(0, -1), filters], channelsFirst: true }
  const [input, forget, carried, output] = graph.nodeOf(
    'Split',
    {
      inputs: [both, graph.ints(new Array(4).fill(filters))],
      attributes: { axis: { int: 1 } },
    },
    new Array(4).fill(part),
  ) as [Value, Value, Value, Value]
  const times = (one: Value, other: Value) => elementwise(graph, 'Mul', [one, other])
  const gate = (one: Value) => activated(layer, one, 'recurrentActivation')
  const added = times(gate(input), activated(layer, carried))
  const carry = before
    ? elementwise(graph, 'Add', [times(gate(forget), before.carry), added])
    : added
  return { hidden: times(gate(output), activated(layer, carry)), carry }
}

/** The product of a state with the recurrent kernel, which keeps its size. */
function recurrentProduct(layer: LayerToWrite, { shape }: Value, hidden: Value): Value {
  const { size } = windowOf(layer, { axes: 2, size: 'kernelSize' })
  const window = { size, strides: [1, 1], dilations: [1, 1], padding: 'same' } as const
  return layer.graph.node('Conv', {
    inputs: [hidden, windowKernel(layer, { role: 'recurrent_kernel' })],
    attributes: windowAttributes(window, hidden),
    ...{ shape, channelsFirst: true },
  })
}

/** The outputs of all steps in one value, in the order in which they are computed. */
function sequenceOf(graph: GraphBuilder, hidden: readonly Value[], sides: Sides): Value {
  const { batch, steps, state } = sides
  const [height, width, filters] = state
  const joined = graph.node('Concat', {
    inputs: hidden,
    attributes: { axis: { int: 1 } },
    ...{ shape: [batch, height, width, steps * filters], channelsFirst: true },
  })
  const split = graph.node('Reshape', {
    inputs: [joined, graph.ints([0, steps, filters, height, width])],
    shape: [batch, steps, filters, height, width],
  })
  return graph.node('Transpose', {
    inputs: [split],
    attributes: { perm: { ints: [0, 1, 3, 4, 2] } },
    shape: [batch, steps, ...state],
  })
}

/** Convolutional recurrent layers. */
export const convLstmWriters: Readonly<Record<string, LayerWriter>> = { ConvLSTM2D: convLstm }
