import type { Tensor } from '@tensorflow/tfjs-core'

/**
 * Host values of a float32 tensor as floats. The cpu backend casts integers and booleans to float32
 * in name alone: it hands out an array of the type before.
 */
export async function floatValues(tensor: Tensor): Promise<Float32Array> {
  const values: unknown = await tensor.data()
  return values instanceof Float32Array ? values : Float32Array.from(values as Iterable<number>)
}
