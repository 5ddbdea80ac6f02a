import type { layers } from '@tensorflow/tfjs-layers'

type Layer = layers.Layer

/** A kernel as a matrix for each element of its window. */
export interface KernelView {
  readonly inputs: number
  readonly outputs: number
  /** Elements of the window; 1 for a dense layer. */
  readonly places: number
  readonly at: (place: number, input: number, output: number) => number
}

/**
 * Reads the kernel of a dense or convolutional layer; that of a separable one as the product of its
 * two.
 */
export async function readKernel(layer: Layer): Promise<KernelView> {
  const className = layer.getClassName()
  if (className === 'SeparableConv2D') return readSeparable(layer)
  const { values, shape } = await readRole(layer, 'kernel')
  const [last, before] = [shape.at(-1)!, shape.at(-2)!]
  const places = values.length / (last * before)
  if (!className.endsWith('Transpose')) {
    const at = (place: number, input: number, output: number) =>
      values[(place * before + input) * last + output]!
    return { inputs: before, outputs: last, places, at }
  }
  const at = (place: number, input: number, output: number) =>
    values[(place * before + output) * last + input]!
  return { inputs: last, outputs: before, places, at }
}

async function readSeparable(layer: Layer): Promise<KernelView> {
  const { values: spread, shape } = await readRole(layer, 'depthwise_kernel')
  const { values: mixed, shape: mixedShape } = await readRole(layer, 'pointwise_kernel')
  const [inputs, multiplier, outputs] = [shape.at(-2)!, shape.at(-1)!, mixedShape.at(-1)!]
  const at = (place: number, input: number, output: number) => {
    let sum = 0
    for (let i = 0; i < multiplier; i++) {
      sum +=
        spread[(place * inputs + input) * multiplier + i]! *
        mixed[(input * multiplier + i) * outputs + output]!
    }
    return sum
  }
  return { inputs, outputs, places: spread.length / (inputs * multiplier), at }
}

/** Values and shape of one of a layer's weights; no values where it has no such weight. */
export async function readRole(
  layer: Layer,
  role: string,
): Promise<{ values: Float32Array; shape: number[] }> {
  const weight = layer.weights.find(({ originalName }) => originalName.split('/').at(-1) === role)
  if (!weight) return { values: new Float32Array(0), shape: [] }
  return { values: (await weight.read().data()) as Float32Array, shape: weight.shape as number[] }
}
