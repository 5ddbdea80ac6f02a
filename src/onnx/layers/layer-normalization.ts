import type { Value } from '../graph/graph.js'
import { cannotSay } from '../graph/onnx-error.js'
import { reduced } from '../graph/reduced.js'
import type { LayerToWrite, LayerWriter } from './layer-writer.js'
import { numberOption } from './options.js'

/** The axes that share a mean, counted from the first and in order. */
function axesOf(layer: LayerToWrite, rank: number): readonly number[] {
  const axes = [layer.config.axis ?? -1].flat().map((axis) => (Number(axis) + rank) % rank)
  if (axes.some((axis, i) => i > 0 && axis <= axes[i - 1]!))
    throw cannotSay(layer, `its axes are ${JSON.stringify(axes)}`, 'name them in order')
  return axes
}

/** One operation since version 17 where the axes are the last ones, several else. */
const layerNormalization: LayerWriter = (layer) => {
  const { graph } = layer
  const x = graph.channelsLast(layer.inputs[0]!)
  const rank = x.shape.length
  const axes = axesOf(layer, rank)
  const areLast = axes.every((axis, i) => axis === rank - axes.length + i)
  const epsilon = numberOption(layer, 'epsilon', 1e-3)
  if (graph.opset < 17 || !areLast) return composed(layer, x, { axes, epsilon })
  const sides = axes.map((axis) => x.shape[axis]!)
  const size = sides.reduce((product, side) => product * side, 1)
  const ones = () =>
    graph.constant(`ones:${sides}`, () => ({
      ...{ shape: sides, values: new Float32Array(size).fill(1) },
    }))
  const beta = affine(layer, 'beta', sides)
  return graph.node('LayerNormalization', {
    inputs: [x, affine(layer, 'gamma', sides) ?? ones(), ...(beta === undefined ? [] : [beta])],
    attributes: { axis: { int: axes[0]! }, epsilon: { float: epsilon } },
    shape: x.shape,
  })
}

/** The name of a weight in a shape that meets that of the values. */
function affine(
  { graph, weight }: LayerToWrite,
  role: 'gamma' | 'beta',
  shape: readonly number[],
): string | undefined {
  const found = weight(role)
  return found && graph.constant(found.name, () => ({ shape, values: found.values }))
}

/** (x - mean) / sqrt(variance + epsilon) gamma + beta. */
function composed(
  layer: LayerToWrite,
  x: Value,
  { axes, epsilon }: { readonly axes: readonly number[]; readonly epsilon: number },
): Value {
  const { graph } = layer
  const say = (op: string, inputs: readonly (Value | string)[], shape = x.shape) =>
    graph.node(op, { inputs, shape })
  const meanOf = (value: Value) =>
    reduced(graph, value, { op: 'ReduceMean', axes, keepsSides: true })
  const centred = say('Sub', [x, meanOf(x)])
  const variance = meanOf(say('Mul', [centred, centred]))
  const { shape } = variance
  const deviation = say('Sqrt', [say('Add', [variance, graph.scalar(epsilon)], shape)], shape)
  const normal = say('Div', [centred, deviation])
  const sides = x.shape.map((side, axis) => (axes.includes(axis) ? side! : 1))
  const [gamma, beta] = [affine(layer, 'gamma', sides), affine(layer, 'beta', sides)]
  const scaled = gamma === undefined ? normal : say('Mul', [normal, gamma])
  return beta === undefined ? scaled : say('Add', [scaled, beta])
}

export const layerNormalizationWriters: Readonly<Record<string, LayerWriter>> = {
  LayerNormalization: layerNormalization,
}
