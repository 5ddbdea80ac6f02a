import { getKernel, type TensorInfo } from '@tensorflow/tfjs-core'
import type { Kernel, KernelCall } from '../engine/backend.js'

/** Kernels of the activations that tfjs fuses, and the names of their inputs. */
const activations: Readonly<Record<string, readonly [kernel: string, ...inputs: string[]]>> = {
  elu: ['Elu', 'x'],
  leakyrelu: ['LeakyRelu', 'x'],
  prelu: ['Prelu', 'x', 'alpha'],
  relu: ['Relu', 'x'],
  relu6: ['Relu6', 'x'],
  sigmoid: ['Sigmoid', 'x'],
}

/** The outcome of a fused kernel from the sums before its activation, which are freed. */
export function activated(sums: TensorInfo, { inputs, attrs, backend }: KernelCall): TensorInfo {
  if (attrs.activation === 'linear') return sums
  const found = activations[attrs.activation as string]
  if (!found) throw new Error(`Cannot run ${attrs.activation} on wasm: expected another activation`)
  const [kernelName, ...names] = found
  const given = [sums, inputs.preluActivationWeights]
  const out = (getKernel(kernelName, 'wasm').kernelFunc as unknown as Kernel)({
    inputs: Object.fromEntries(names.map((name, i) => [name, given[i]])),
    attrs: { alpha: attrs.leakyreluAlpha as number },
    backend,
  })
  backend.disposeData(sums.dataId)
  return out
}
