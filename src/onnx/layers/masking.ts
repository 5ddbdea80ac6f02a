import { cast } from '../graph/cast.js'
import { reduced } from '../graph/reduced.js'
import type { LayerWriter } from './layer-writer.js'
import { numberOption } from './options.js'

/** Steps of nothing but the mask's value become 0. */
const masking: LayerWriter = (layer) => {
  const { graph } = layer
  const x = graph.channelsLast(layer.inputs[0]!)
  const { shape } = x
  const value = graph.scalar(numberOption(layer, 'maskValue', 0))
  const equal = graph.node('Equal', { inputs: [x, value], shape, dtype: 'bool' })
  const differs = graph.node('Not', { inputs: [equal], shape, dtype: 'bool' })
  const count = reduced(graph, cast(graph, differs, 'float32'), {
    ...{ op: 'ReduceSum', axes: [shape.length - 1], keepsSides: true },
  })
  const zero = graph.scalar(0)
  const isKept = graph.node('Greater', { inputs: [count, zero], shape: count.shape, dtype: 'bool' })
  return graph.node('Where', { inputs: [isKept, x, zero], shape })
}

export const maskingWriters: Readonly<Record<string, LayerWriter>> = { Masking: masking }
