import type { layers, SymbolicTensor } from '@tensorflow/tfjs-layers'

/** The output of a layer, or of a nested model, for an input, or for several. */
export function through(layer: layers.Layer, x: SymbolicTensor | SymbolicTensor[]): SymbolicTensor {
  return layer.apply(x) as SymbolicTensor
}
