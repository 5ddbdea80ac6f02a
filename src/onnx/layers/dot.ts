import type { Value } from '../graph/graph.js'
import { cannotSay } from '../graph/onnx-error.js'
import { reduced } from '../graph/reduced.js'
import { squeezed, unsqueezed } from '../graph/sides-of-one.js'
import type { LayerToWrite, LayerWriter } from './layer-writer.js'
import { flagOption, numbersOption } from './options.js'

/** tfjs keeps squares of norms above it. */
const EPSILON = 1e-7

/** Products of two samples along one axis of each. */
const dot: LayerWriter = (layer) => {
  const { graph } = layer
  const axes = numbersOption(layer, 'axes', { axes: 2 })
  const isNormal = flagOption(layer, 'normalize', false)
  const [first, second] = layer.inputs.map((input, i) => {
    const x = graph.channelsLast(input)
    const rank = x.shape.length
    const axis = (axes[i]! + rank) % rank
    if (axis === 0) throw cannotSay(layer, 'one of its axes is that of the batch')
    return { x: isNormal ? normalized(layer, x, axis) : x, axis }
  })
  return product(layer, first!, second!)
}

interface Factor {
  readonly x: Value
  readonly axis: number
}

function product(layer: LayerToWrite, first: Factor, second: Factor): Value {
  const { graph } = layer
  const shape = layer.outputs[0]!
  const ranks = [first.x.shape.length, second.x.shape.length] as const
  if (ranks[0] === 2 && ranks[1] === 2) {
    const products = graph.node('Mul', { inputs: [first.x, second.x], shape: first.x.shape })
    return reduced(graph, products, { op: 'ReduceSum', axes: [1], keepsSides: true })
  }
  const [batch, rows] = [first.x.shape[0]!, ranks[0] === 2 ? 1 : first.x.shape[3 - first.axis]!]
  const columns = ranks[1] === 2 ? 1 : second.x.shape[3 - second.axis]!
  const inputs = [along(layer, first, 2), along(layer, second, 1)]
  const outcome = graph.node('MatMul', { inputs, shape: [batch, rows, columns] })
  if (ranks[0] === 2) return squeezed(graph, outcome, 1)
  return ranks[1] === 2 ? squeezed(graph, outcome, 2) : { ...outcome, shape }
}

/** A sample as a matrix whose products go along an axis. */
function along({ graph }: LayerToWrite, { x, axis }: Factor, wanted: 1 | 2): Value {
  if (x.shape.length === 2) return unsqueezed(graph, x, 3 - wanted)
  if (axis === wanted) return x
  const [batch, rows, columns] = x.shape as [Value['shape'][0], number, number]
  return graph.node('Transpose', {
    inputs: [x],
    attributes: { perm: { ints: [0, 2, 1] } },
    shape: [batch!, columns, rows],
  })
}

/** The value over its norm along an axis. */
function normalized({ graph }: LayerToWrite, x: Value, axis: number): Value {
  const squares = graph.node('Mul', { inputs: [x, x], shape: x.shape })
  const sum = reduced(graph, squares, { op: 'ReduceSum', axes: [axis], keepsSides: true })
  const { shape } = sum
  const bounded = graph.node('Max', { inputs: [sum, graph.scalar(EPSILON)], shape })
  const norm = graph.node('Sqrt', { inputs: [bounded], shape })
  return graph.node('Div', { inputs: [x, norm], shape: x.shape })
}

export const dotWriters: Readonly<Record<string, LayerWriter>> = { Dot: dot }
