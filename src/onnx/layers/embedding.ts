import { cast } from '../graph/cast.js'
import type { LayerWriter } from './layer-writer.js'

/** Rows of the table. Places are cut to whole numbers, as tfjs does. */
const embedding: LayerWriter = (layer) => {
  const { graph } = layer
  const table = layer.weight('embeddings')!
  const rows = graph.constant(table.name, () => ({
    ...{ shape: table.shape, values: table.values, channelAxis: 1 },
  }))
  const places = cast(graph, graph.channelsLast(layer.inputs[0]!), 'int32')
  return graph.node('Gather', {
    inputs: [rows, places],
    attributes: { axis: { int: 0 } },
    shape: layer.outputs[0]!,
  })
}

export const embeddingWriters: Readonly<Record<string, LayerWriter>> = { Embedding: embedding }
