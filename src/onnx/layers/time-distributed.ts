import type { GraphBuilder } from '../graph/builder.js'
import type { Side, Value } from '../graph/graph.js'
import { cannotSay } from '../graph/onnx-error.js'
import type { LayerToWrite, LayerWriter } from './layer-writer.js'

/** Classes whose outcome for a step is that for all steps at once. */
const ELEMENTWISE = ['Dense', 'Activation', 'Dropout', 'LeakyReLU', 'ReLU', 'ELU']

/**
 * The writer of `TimeDistributed`. All steps of all samples go through the inner layer, or model, as
 * one batch.
 *
 * @param writerOf Gives the writer of the inner layer's class.
 */
export const timeDistributed =
  (writerOf: (className: string) => LayerWriter | undefined): LayerWriter =>
  (layer) => {
    const { graph } = layer
    const x = graph.channelsLast(layer.inputs[0]!)
    const shape = layer.outputs[0]!
    const { innerModel } = layer
    const dtype = innerModel?.dtype ?? 'float32'
    if (dtype !== 'float32') throw cannotSay(layer, `its model takes inputs of ${dtype}`)
    const inner = (input: Value, output: readonly Side[]) =>
      innerModel
        ? innerModel.write(input)
        : written(layer.inner('layer', { inputs: [input], outputs: [output] }), writerOf)
    if (!innerModel) {
      const { className } = layer.inner('layer', { inputs: [], outputs: [] })
      if (ELEMENTWISE.includes(className)) return inner(x, shape)
    }
    const [, , ...sides] = x.shape
    if (sides.includes(null))
      throw cannotSay(layer, `its steps have the shape [${sides.map((side) => side ?? 'open')}]`)
    const rows = graph.node('Reshape', {
      inputs: [x, graph.ints([-1, ...(sides as number[])])],
      shape: [null, ...sides],
      ...(x.dtype && { dtype: x.dtype }),
    })
    const outcome = graph.channelsLast(inner(rows, [null, ...shape.slice(2)]))
    return graph.node('Reshape', { inputs: [outcome, stepsOf(graph, x, outcome)], shape })
  }

function written(
  inner: LayerToWrite,
  writerOf: (className: string) => LayerWriter | undefined,
): Value {
  const writer = writerOf(inner.className)
  if (!writer) {
    const reason = 'its class is not known in a TimeDistributed'
    throw cannotSay(inner, reason, 'wrap each of its layers')
  }
  const [outcome] = [writer(inner)].flat()
  return outcome as Value
}

/** The batch and the steps of one value before the further sides of another, as a shape. */
function stepsOf(graph: GraphBuilder, x: Value, outcome: Value): Value | string {
  const [, steps] = x.shape as [Side, Side]
  const [, ...sides] = outcome.shape
  if (steps !== null && !sides.includes(null))
    return graph.ints([-1, steps, ...(sides as number[])])
  const sizes = (value: Value, from: number, to: number) => {
    const whole = graph.node('Shape', { inputs: [value], shape: [value.shape.length] })
    const inputs = [whole, ...[from, to, 0].map((bound) => graph.ints([bound]))]
    return graph.node('Slice', { inputs, shape: [to - from] })
  }
  return graph.node('Concat', {
    inputs: [sizes(x, 0, 2), sizes(outcome, 1, outcome.shape.length)],
    attributes: { axis: { int: 0 } },
    shape: [outcome.shape.length + 1],
  })
}
