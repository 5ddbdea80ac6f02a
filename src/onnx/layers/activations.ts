import { camelCase } from '../../internal/camel-case.js'
import type { GraphBuilder, NodeParts } from '../graph/builder.js'
import type { Value } from '../graph/graph.js'
import { cannotSay } from '../graph/onnx-error.js'
import { permuted } from './kernels.js'
import type { LayerToWrite, LayerWriter } from './layer-writer.js'
import { numberOption } from './options.js'

type Say = (graph: GraphBuilder, x: Value) => Value

/** The parts of a node that changes no shape. */
const alike = ({ shape, channelsFirst }: Value, inputs: NodeParts['inputs']): NodeParts => ({
  ...{ inputs, shape },
  ...(channelsFirst && { channelsFirst }),
})

/** A node of one input and numbers as attributes. */
const one =
  (op: string, floats: Readonly<Record<string, number>> = {}): Say =>
  (graph, x) =>
    graph.node(op, {
      ...alike(x, [x]),
      attributes: Object.fromEntries(
        Object.entries(floats).map(([name, float]) => [name, { float }]),
      ),
    })

/** A node of two inputs; a number stands for a constant. */
export function elementwise(
  graph: GraphBuilder,
  op: string,
  [x, other]: readonly [Value, Value | string | number],
): Value {
  const second = typeof other === 'number' ? graph.scalar(other) : other
  return graph.node(op, alike(x, [x, second]))
}

/** Cuts values at two bounds: ReLU and its kin. */
export const cut =
  (least: number, most: number): Say =>
  (graph, x) =>
    most === Number.POSITIVE_INFINITY && least === 0
      ? one('Relu')(graph, x)
      : graph.node('Clip', alike(x, [x, graph.scalar(least), graph.scalar(most)]))

/** Along the channels, which tfjs has last. */
const alongChannels =
  (op: string): Say =>
  (graph, x) =>
    graph.node(op, {
      ...alike(x, [x]),
      attributes: { axis: { int: x.channelsFirst ? 1 : -1 } },
    })

const times = (graph: GraphBuilder, x: Value, y: Value | number) =>
  elementwise(graph, 'Mul', [x, y])

/** x / 2 (1 + erf(x / sqrt 2)). */
const gelu: Say = (graph, x) => {
  const inner = one('Erf')(graph, times(graph, x, Math.SQRT1_2))
  return times(graph, times(graph, x, 0.5), elementwise(graph, 'Add', [inner, 1]))
}

/** x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))). */
const geluByTanh: Say = (graph, x) => {
  const cube = times(graph, times(graph, times(graph, x, x), x), 0.044715)
  const inner = times(graph, elementwise(graph, 'Add', [x, cube]), Math.sqrt(2 / Math.PI))
  const bent = elementwise(graph, 'Add', [one('Tanh')(graph, inner), 1])
  return times(graph, times(graph, x, 0.5), bent)
}

/** All activations that options name, by the words of tfjs. */
const known: Readonly<Record<string, Say>> = {
  linear: (_, x) => x,
  relu: cut(0, Number.POSITIVE_INFINITY),
  relu6: cut(0, 6),
  elu: one('Elu', { alpha: 1 }),
  selu: one('Selu'),
  sigmoid: one('Sigmoid'),
  hardSigmoid: one('HardSigmoid', { alpha: 0.2, beta: 0.5 }),
  softplus: one('Softplus'),
  softsign: one('Softsign'),
  tanh: one('Tanh'),
  swish: (graph, x) => times(graph, x, one('Sigmoid')(graph, x)),
  mish: (graph, x) => times(graph, x, one('Tanh')(graph, one('Softplus')(graph, x))),
  gelu,
  geluNew: geluByTanh,
  softmax: alongChannels('Softmax'),
  logSoftmax: alongChannels('LogSoftmax'),
}

/** The name of the activation that an option holds, in the words of tfjs. */
export function activationName(
  layer: LayerToWrite,
  key = 'activation',
  otherwise = 'linear',
): string {
  const value = layer.config[key] ?? otherwise
  const name = typeof value === 'string' ? value : (value as { className?: string }).className
  return camelCase(String(name))
}

/** The outcome of the layer's own activation. */
export function activated(layer: LayerToWrite, x: Value, key = 'activation'): Value {
  const name = activationName(layer, key)
  if (!Object.hasOwn(known, name)) throw cannotSay(layer, `its activation is ${name}`)
  return known[name]!(layer.graph, x)
}

const layerOf =
  (say: (layer: LayerToWrite) => Say): LayerWriter =>
  (layer) =>
    say(layer)(layer.graph, layer.inputs[0]!)

/** ReLU of any bound. */
const relu: LayerWriter = (layer) => {
  const { maxValue } = layer.config
  const most = maxValue === undefined || maxValue === null ? Number.POSITIVE_INFINITY : maxValue
  return cut(0, most as number)(layer.graph, layer.inputs[0]!)
}

/** tfjs runs it along the last axis alone. */
const softmax: LayerWriter = (layer) => {
  const x = layer.inputs[0]!
  const last = x.shape.length - 1
  const axes = [layer.config.axis ?? 1].flat()
  if (axes.length !== 1 || (axes[0] !== -1 && axes[0] !== last))
    throw cannotSay(layer, `its axis is ${JSON.stringify(layer.config.axis)}, not the last`)
  return alongChannels('Softmax')(layer.graph, x)
}

/** x where it is above theta, else 0. */
const thresholded: LayerWriter = (layer) => {
  const { graph } = layer
  const x = layer.inputs[0]!
  const theta = graph.scalar(numberOption(layer, 'theta', 1))
  const above = graph.node('Greater', { ...alike(x, [x, theta]), dtype: 'bool' })
  return graph.node('Where', alike(x, [above, x, graph.scalar(0)]))
}

/** x where it is above 0, else alpha * x; the slopes lie as the values do. */
const prelu: LayerWriter = ({ graph, inputs, weight }) => {
  const x = inputs[0]!
  const { name, ...alpha } = weight('alpha')!
  const last = alpha.shape.length - 1
  const first = [last, ...alpha.shape.slice(0, last).map((_, axis) => axis)]
  const slope = x.channelsFirst
    ? graph.constant(`${name}:channelsFirst`, () => permuted(alpha, first))
    : graph.constant(name, () => alpha)
  return graph.node('PRelu', alike(x, [x, slope]))
}

export const activationWriters: Readonly<Record<string, LayerWriter>> = {
  Activation: (layer) => activated(layer, layer.inputs[0]!),
  ReLU: relu,
  LeakyReLU: layerOf((layer) => one('LeakyRelu', { alpha: numberOption(layer, 'alpha', 0.3) })),
  ELU: layerOf((layer) => one('Elu', { alpha: numberOption(layer, 'alpha', 1) })),
  ThresholdedReLU: thresholded,
  Softmax: softmax,
  PReLU: prelu,
}
