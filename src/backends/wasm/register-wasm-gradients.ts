import {
  getKernel,
  getKernelsForBackend,
  type KernelFunc,
  registerKernel,
  unregisterKernel,
} from '@tensorflow/tfjs-core'
import { add } from './add.js'
import { asKernelFunc, type Kernel, type KernelMaker } from './backend.js'
import { batchMatMul } from './batch-mat-mul.js'
import { cast } from './cast.js'
import { conv2d } from './conv2d.js'
import { conv2dBackpropFilter } from './conv2d-backprop-filter.js'
import { conv2dBackpropInput } from './conv2d-backprop-input.js'
import { depthwiseConv2dNativeBackpropFilter } from './depthwise-conv2d-native-backprop-filter.js'
import { depthwiseConv2dNativeBackpropInput } from './depthwise-conv2d-native-backprop-input.js'
import { fusedConv2d } from './fused-conv2d.js'
import { fusedMatMul } from './fused-mat-mul.js'
import { identity } from './identity.js'
import { maxPoolGrad } from './max-pool-grad.js'
import { sum } from './sum.js'
import { unsortedSegmentSum } from './unsorted-segment-sum.js'

const missing = {
  Conv2DBackpropFilter: conv2dBackpropFilter,
  DepthwiseConv2dNativeBackpropFilter: depthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput: depthwiseConv2dNativeBackpropInput,
  UnsortedSegmentSum: unsortedSegmentSum,
} satisfies Record<string, Kernel>

const faster = {
  Add: add,
  BatchMatMul: batchMatMul,
  Cast: cast,
  Conv2D: conv2d,
  Conv2DBackpropInput: conv2dBackpropInput,
  FusedConv2D: fusedConv2d,
  Identity: identity,
  MaxPoolGrad: maxPoolGrad,
  Sum: sum,
  _FusedMatMul: fusedMatMul,
} satisfies Record<string, KernelMaker>

/** A kernel of tfjs-backend-wasm that {@link registerWasmGradients} can replace by a faster one. */
export type ReplaceableKernel = keyof typeof faster

/** Options of {@link registerWasmGradients}. */
export interface RegisterWasmGradientsOptions {
  /** Kernels of the backend to replace by faster ones. @default all that can be replaced */
  readonly replace?: readonly ReplaceableKernel[]
}

const ours = new WeakSet<KernelFunc>()

export function registerWasmGradients({ replace }: RegisterWasmGradientsOptions = {}): string[] {
  const replaced = replace ?? (Object.keys(faster) as ReplaceableKernel[])
  for (const name of replaced) {
    if (!Object.hasOwn(faster, name)) {
      throw new RangeError(
        `Cannot register wasm gradients: expected replace to list some of ${Object.keys(faster).join(', ')}, got ${name}`,
      )
    }
  }
  if (getKernelsForBackend('wasm').length === 0) {
    throw new Error(
      'Cannot register wasm gradients: expected @tensorflow/tfjs-backend-wasm to be imported first, got no wasm kernel',
    )
  }
  const registered: string[] = []
  for (const [kernelName, kernel] of Object.entries(missing)) {
    if (getKernel(kernelName, 'wasm')) continue
    const kernelFunc = asKernelFunc(kernel)
    registerKernel({ kernelName, backendName: 'wasm', kernelFunc })
    registered.push(kernelName)
  }
  for (const kernelName of replaced) {
    const stock = getKernel(kernelName, 'wasm')
    if (!stock || ours.has(stock.kernelFunc)) continue
    const kernelFunc = asKernelFunc(faster[kernelName](stock.kernelFunc as unknown as Kernel))
    ours.add(kernelFunc)
    unregisterKernel(kernelName, 'wasm')
    registerKernel({ ...stock, kernelFunc })
    registered.push(kernelName)
  }
  return registered
}
