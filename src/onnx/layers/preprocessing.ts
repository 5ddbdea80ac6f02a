import { cast } from '../graph/cast.js'
import { cannotSay } from '../graph/onnx-error.js'
import { reduced } from '../graph/reduced.js'
import { elementwise } from './activations.js'
import type { LayerWriter } from './layer-writer.js'
import { numberOption, textOption } from './options.js'

const rescaling: LayerWriter = (layer) => {
  const { graph } = layer
  const x = cast(graph, layer.inputs[0]!, 'float32')
  const scaled = elementwise(graph, 'Mul', [x, numberOption(layer, 'scale')])
  const offset = numberOption(layer, 'offset', 0)
  return offset === 0 ? scaled : elementwise(graph, 'Add', [scaled, offset])
}

/** Counts of the tokens in each row; 1 at most where they are not counted. */
const categoryEncoding: LayerWriter = (layer) => {
  const { graph } = layer
  const mode = textOption(layer, 'outputMode', 'multiHot')
  const [x] = layer.inputs
  if (mode === 'int') return cast(graph, x!, 'int32')
  const isMatrix = mode === 'oneHot' && x!.shape[1] !== 1
  if (mode === 'tfIdf' || isMatrix || x!.shape.length !== 2)
    throw cannotSay(layer, `its outputMode is ${mode} for ${x!.shape.length} axes`)
  const tokens = numberOption(layer, 'numTokens')
  const depth = graph.scalar(tokens, 'int32')
  const values = graph.constant('values:0,1', () => ({ shape: [2], values: Float32Array.of(0, 1) }))
  const marks = graph.node('OneHot', {
    inputs: [cast(graph, x!, 'int32'), depth, values],
    shape: [...x!.shape, tokens],
  })
  const counts = reduced(graph, marks, { op: 'ReduceSum', axes: [1] })
  return mode === 'count' ? counts : elementwise(graph, 'Min', [counts, 1])
}

/** Layers before a network. */
export const preprocessingWriters: Readonly<Record<string, LayerWriter>> = {
  Rescaling: rescaling,
  CategoryEncoding: categoryEncoding,
}
