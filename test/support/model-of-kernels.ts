import { tensor } from '@tensorflow/tfjs-core'
import {
  input,
  type LayersModel,
  layers,
  model as modelOf,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers'

/** A kernel as golden files have it. */
export interface GoldenKernel {
  /** `Dense`, `Conv1D` or `Conv2D`. */
  readonly className: string
  readonly shape: number[]
  /** Left out: as tfjs draws them. */
  readonly values?: number[]
}

/**
 * A model of the given kernels and nothing else: each is a layer with an input and an output of its
 * own.
 */
export function modelOfKernels(kernels: readonly GoldenKernel[]): LayersModel {
  const inputs = kernels.map(({ shape }) => input({ shape: shape.slice(0, -1) }))
  const outputs = kernels.map((kernel, i) => layerOf(kernel).apply(inputs[i]!) as SymbolicTensor)
  const model = modelOf({ inputs, outputs })
  kernels.forEach(({ shape, values }, i) => {
    if (!values) return
    const kernel = tensor(values, shape)
    model.weights[i]!.write(kernel)
    kernel.dispose()
  })
  return model
}

function layerOf({ className, shape }: GoldenKernel) {
  const [size, ...more] = shape.slice(0, -2)
  const last = shape.at(-1)!
  if (className === 'Dense') return layers.dense({ units: last, useBias: false })
  if (className === 'Conv1D')
    return layers.conv1d({ filters: last, kernelSize: size!, useBias: false })
  return layers.conv2d({ filters: last, kernelSize: [size!, ...more], useBias: false })
}
