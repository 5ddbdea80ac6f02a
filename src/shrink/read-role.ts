import type { layers } from '@tensorflow/tfjs-layers'

/** Values and shape of one of a layer's weights; no values where it has no such weight. */
export async function readRole(
  layer: layers.Layer,
  role: string,
): Promise<{ values: Float32Array; shape: number[] }> {
  const weight = layer.weights.find(({ originalName }) => originalName.split('/').at(-1) === role)
  if (!weight) return { values: new Float32Array(0), shape: [] }
  return { values: (await weight.read().data()) as Float32Array, shape: weight.shape as number[] }
}
