import { unsqueezed } from '../graph/sides-of-one.js'
import type { LayerWriter } from './layer-writer.js'
import { numberOption } from './options.js'

/** A row again at each step. */
const repeatVector: LayerWriter = (layer) => {
  const { graph } = layer
  const row = unsqueezed(graph, layer.inputs[0]!, 1)
  const counts = graph.ints([1, numberOption(layer, 'n'), 1])
  return graph.node('Expand', { inputs: [row, counts], shape: layer.outputs[0]! })
}

export const repeatVectorWriters: Readonly<Record<string, LayerWriter>> = {
  RepeatVector: repeatVector,
}
