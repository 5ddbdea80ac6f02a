import { reduced } from '../graph/reduced.js'
import type { LayerWriter } from './layer-writer.js'
import { refuseChannelsFirst } from './options.js'
import { windowAttributes, windowOf } from './windows.js'

/** Averages count the pixels of the image alone, as the default of ONNX does. */
const pooling =
  (axes: number, op: 'MaxPool' | 'AveragePool'): LayerWriter =>
  (layer) => {
    const { graph } = layer
    const window = windowOf(layer, { axes, size: 'poolSize' })
    const x = graph.channelsFirst(layer.inputs[0]!)
    return graph.node(op, {
      inputs: [x],
      attributes: windowAttributes(window, x),
      ...{ shape: layer.outputs[0]!, channelsFirst: true },
    })
  }

const globalPooling =
  (op: 'ReduceMax' | 'ReduceMean'): LayerWriter =>
  (layer) => {
    refuseChannelsFirst(layer)
    const x = layer.inputs[0]!
    const first = x.channelsFirst ? 2 : 1
    const axes = Array.from({ length: x.shape.length - 2 }, (_, axis) => first + axis)
    return reduced(layer.graph, x, { op, axes, shape: layer.outputs[0]! })
  }

export const poolingWriters: Readonly<Record<string, LayerWriter>> = {
  MaxPooling1D: pooling(1, 'MaxPool'),
  MaxPooling2D: pooling(2, 'MaxPool'),
  MaxPooling3D: pooling(3, 'MaxPool'),
  AveragePooling1D: pooling(1, 'AveragePool'),
  AveragePooling2D: pooling(2, 'AveragePool'),
  AveragePooling3D: pooling(3, 'AveragePool'),
  GlobalMaxPooling1D: globalPooling('ReduceMax'),
  GlobalMaxPooling2D: globalPooling('ReduceMax'),
  GlobalAveragePooling1D: globalPooling('ReduceMean'),
  GlobalAveragePooling2D: globalPooling('ReduceMean'),
}
