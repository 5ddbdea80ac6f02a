import type { GraphBuilder } from '../graph/builder.js'
import type { Side, Value } from '../graph/graph.js'
import { cannotSay } from '../graph/onnx-error.js'
import { unsqueezed } from '../graph/sides-of-one.js'
import type { LayerToWrite, LayerWriter } from './layer-writer.js'
import { numberOption } from './options.js'

/** All values as the first of them that has its channels first lies, or with the channels last. */
function alignedValues({ graph, inputs }: LayerToWrite): readonly Value[] {
  const rank = Math.max(...inputs.map(({ shape }) => shape.length))
  const isFirst = inputs.some(({ channelsFirst }) => channelsFirst)
  const isEven = inputs.every(({ shape }) => shape.length === rank)
  if (isEven && isFirst) return inputs.map((input) => graph.channelsFirst(input))
  return inputs.map((input) => withRank(graph, graph.channelsLast(input), rank))
}

/** Puts axes of length 1 behind the batch, as tfjs does. */
function withRank(graph: GraphBuilder, value: Value, rank: number): Value {
  const missing = Array.from({ length: rank - value.shape.length })
  return missing.reduce<Value>((x) => unsqueezed(graph, x, 1), value)
}

/** Axes of length 1 are spread; the operation takes any number of inputs. */
const merging =
  (op: 'Sum' | 'Mean' | 'Max' | 'Min' | 'Mul'): LayerWriter =>
  (layer) => {
    const inputs = alignedValues(layer)
    const { graph } = layer
    const shape = layer.outputs[0]!
    const layout = inputs[0]!.channelsFirst ? { channelsFirst: true } : {}
    // ONNX multiplies two at a time, and adds two faster in a node of its own.
    const pairwise = op === 'Mul' || (op === 'Sum' && inputs.length === 2)
    const name = op === 'Sum' && pairwise ? 'Add' : op
    if (!pairwise) return graph.node(name, { inputs, shape, ...layout })
    return inputs
      .slice(1)
      .reduce((x, y) => graph.node(name, { inputs: [x, y], shape, ...layout }), inputs[0]!)
  }

const concatenating: LayerWriter = (layer) => {
  const { graph, inputs } = layer
  const rank = layer.outputs[0]!.length
  const given = numberOption(layer, 'axis', -1)
  // tfjs takes every negative axis for the last one.
  const axis = given < 0 ? rank - 1 : given
  if (axis === 0) throw cannotSay(layer, 'it joins samples')
  const aligned = alignedValues(layer)
  const isFirst = aligned[0]!.channelsFirst === true
  const inFile = axis === rank - 1 ? 1 : axis + 1
  const dtype = inputs[0]!.dtype
  const sides = inputs.map(({ shape }): Side => shape[axis] ?? null)
  const joined = sides.includes(null)
    ? null
    : (sides as number[]).reduce((sum, side) => sum + side, 0)
  return graph.node('Concat', {
    inputs: aligned,
    attributes: { axis: { int: isFirst ? inFile : axis } },
    // The model tells another one for the axes -2 and below.
    shape: layer.outputs[0]!.map((_, i) => (i === axis ? joined : (inputs[0]!.shape[i] ?? null))),
    ...(isFirst && { channelsFirst: true }),
    ...(dtype && { dtype }),
  })
}

export const mergingWriters: Readonly<Record<string, LayerWriter>> = {
  Add: merging('Sum'),
  Average: merging('Mean'),
  Maximum: merging('Max'),
  Minimum: merging('Min'),
  Multiply: merging('Mul'),
  Concatenate: concatenating,
}
