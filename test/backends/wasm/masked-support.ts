import {
  getKernel,
  type KernelFunc,
  Optimizer,
  registerKernel,
  setBackend,
  type Tensor,
  tensor,
  unregisterKernel,
  util,
} from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { replaceByMasked } from '../../../src/backends/wasm/register-masked-kernels.js'
import { denseMask } from '../../../src/masks/dense-mask.js'
import { createMask, type Mask } from '../../../src/masks/mask.js'

const names = [
  'Conv2D',
  'FusedConv2D',
  'Conv2DBackpropInput',
  'Conv2DBackpropFilter',
  'BatchMatMul',
  '_FusedMatMul',
] as const

/** Calls that ran dense since the count began, by kernel. */
export type DenseCalls = Partial<Record<(typeof names)[number], number>>

const counted: DenseCalls = {}
let counting = false

/** Masked kernels for products of every size, around dense ones that are counted. */
export async function countDense(): Promise<void> {
  await setBackend('wasm')
  registerWasmGradients()
  if (counting) return
  counting = true
  for (const name of names) {
    const kernel = getKernel(name, 'wasm')
    const kernelFunc: KernelFunc = (call) => {
      counted[name] = (counted[name] ?? 0) + 1
      return kernel.kernelFunc(call)
    }
    unregisterKernel(name, 'wasm')
    registerKernel({ ...kernel, kernelFunc })
  }
  replaceByMasked(() => true)
}

/** The calls that run dense while `work` lasts. */
export function denseCallsOf(work: () => unknown): DenseCalls {
  const calls = startCount()
  work()
  return calls()
}

/** Counts from now on; the function that it returns tells the calls. */
export function startCount(): () => DenseCalls {
  for (const name of names) delete counted[name]
  return () => ({ ...counted })
}

/** Keeps each weight with a likelihood, by a rule that depends on the seed alone. */
export function maskBytes(size: number, density: number, seed: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => {
    const x = Math.sin((i + 1) * 78.233 + seed * 12.9898) * 43758.5453
    return x - Math.floor(x) < density ? 1 : 0
  })
}

export function maskTensor(shape: number[], density: number, seed: number): Tensor {
  return tensor(maskBytes(util.sizeFromShape(shape), density, seed), shape, 'bool')
}

/** A mask of all kernels of a model. */
export function maskOf(model: LayersModel, density: number, seed: number): Mask {
  const dense = denseMask(model)
  const weights = dense.weights.map((weight, index) => ({
    ...weight,
    // The first is always pruned: a weight that is kept whole is not held.
    values: maskBytes(weight.values.length, density, seed + index).fill(0, 0, 1),
  }))
  return createMask(weights, dense.parameters)
}

/** Hands gradients to a test, by the names of the variables, and moves nothing. */
export class Seen extends Optimizer {
  static className = 'Seen'
  gradients: Record<string, Float32Array> = {}
  applyGradients(gradients: Parameters<Optimizer['applyGradients']>[0]): void {
    for (const [name, each] of Object.entries(gradients as Record<string, Tensor | null>))
      if (each) this.gradients[name] = each.dataSync().slice() as Float32Array
  }
  getConfig() {
    return {}
  }
}
