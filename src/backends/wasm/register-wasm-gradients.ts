import {
  getKernel,
  getKernelsForBackend,
  type KernelFunc,
  registerKernel,
  unregisterKernel,
} from '@tensorflow/tfjs-core'
import { KEEP_ONLY } from '../../internal/keep-only.js'
import { asKernelFunc, type Kernel, type KernelMaker } from './engine/backend.js'
import { add } from './kernels/add.js'
import { batchMatMul } from './kernels/batch-mat-mul.js'
import { cast } from './kernels/cast.js'
import { conv2d } from './kernels/conv2d.js'
import { conv2dBackpropFilter } from './kernels/conv2d-backprop-filter.js'
import { conv2dBackpropInput } from './kernels/conv2d-backprop-input.js'
import { conv3dBackpropFilter } from './kernels/conv3d-backprop-filter.js'
import { conv3dBackpropInput } from './kernels/conv3d-backprop-input.js'
import { depthwiseConv2dNativeBackpropFilter } from './kernels/depthwise-conv2d-native-backprop-filter.js'
import { depthwiseConv2dNativeBackpropInput } from './kernels/depthwise-conv2d-native-backprop-input.js'
import { fusedConv2d } from './kernels/fused-conv2d.js'
import { fusedMatMul } from './kernels/fused-mat-mul.js'
import { identity } from './kernels/identity.js'
import { keepOnly } from './kernels/keep-only.js'
import { maxPoolGrad } from './kernels/max-pool-grad.js'
import { sum } from './kernels/sum.js'
import { unsortedSegmentSum } from './kernels/unsorted-segment-sum.js'

const missing = {
  Conv2DBackpropFilter: conv2dBackpropFilter,
  DepthwiseConv2dNativeBackpropFilter: depthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput: depthwiseConv2dNativeBackpropInput,
  UnsortedSegmentSum: unsortedSegmentSum,
  [KEEP_ONLY]: keepOnly,
} satisfies Record<string, Kernel>

const better = {
  Add: add,
  BatchMatMul: batchMatMul,
  Cast: cast,
  Conv2D: conv2d,
  Conv2DBackpropInput: conv2dBackpropInput,
  Conv3DBackpropFilterV2: conv3dBackpropFilter,
  Conv3DBackpropInputV2: conv3dBackpropInput,
  FusedConv2D: fusedConv2d,
  Identity: identity,
  MaxPoolGrad: maxPoolGrad,
  Sum: sum,
  _FusedMatMul: fusedMatMul,
} satisfies Record<string, KernelMaker>

/** A kernel of tfjs-backend-wasm that {@link registerWasmGradients} can replace. */
export type ReplaceableKernel = keyof typeof better

/** Options of {@link registerWasmGradients}. */
export interface RegisterWasmGradientsOptions {
  /**
   * Kernels of the backend to replace by faster ones, and the two of Conv3D whose values are wrong
   * in 4.22. An empty list leaves all kernels of the backend as they are. @default all that can be
   * replaced
   */
  readonly replace?: readonly ReplaceableKernel[]
}

const ours = new WeakSet<KernelFunc>()

/**
 * Gives the wasm backend the gradients that training convolutional networks takes.
 *
 * Registers the kernels that tfjs-backend-wasm 4.22 lacks: Conv2DBackpropFilter,
 * DepthwiseConv2dNativeBackpropInput, DepthwiseConv2dNativeBackpropFilter and UnsortedSegmentSum,
 * the gradient of `gather` and so of embedding layers. A kernel of that name that is there already
 * stays. Adds one of ours that holds masks in one pass over the weights. Replaces the kernels that
 * `replace` names; a replaced kernel hands the cases that it does not speed up to the one that was
 * there. A second call changes nothing.
 *
 * The values are those of the cpu backend to 1e-4. Where the host has SIMD, the inner loops are a
 * WebAssembly module of 8 kB that works in place on the backend's memory; elsewhere the missing
 * kernels are plain loops.
 *
 * @param options The kernels to replace.
 * @returns The names of the kernels that this call registered; empty when there was nothing to do.
 * @throws {RangeError} If `replace` names a kernel that cannot be replaced.
 * @throws {Error} If tfjs-backend-wasm has not been imported yet.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-wasm'
 * import { getKernel } from '@tensorflow/tfjs-core'
 * import { registerWasmGradients } from 'tfjs-prune/backends/wasm'
 *
 * registerWasmGradients() // once, before or after setBackend('wasm')
 * if (!getKernel('Conv2DBackpropFilter', 'wasm')) throw new Error('convolutions cannot train')
 * ```
 */
export function registerWasmGradients({ replace }: RegisterWasmGradientsOptions = {}): string[] {
  const replaced = replace ?? (Object.keys(better) as ReplaceableKernel[])
  checkNames(replaced)
  if (getKernelsForBackend('wasm').length === 0) {
    const wanted =
      'expected @tensorflow/tfjs-backend-wasm to be imported first, got no kernel of it'
    throw new Error(`Cannot register wasm gradients: ${wanted}`)
  }
  const added = Object.entries(missing).filter(([kernelName]) => !getKernel(kernelName, 'wasm'))
  for (const [kernelName, kernel] of added) {
    registerKernel({ kernelName, backendName: 'wasm', kernelFunc: asKernelFunc(kernel) })
  }
  return [...added.map(([kernelName]) => kernelName), ...replaced.filter(replaceKernel)]
}

function checkNames(names: readonly string[]): void {
  if (!Array.isArray(names)) {
    throw new TypeError(
      `Cannot register wasm gradients: expected a list as replace, got ${typeof names}`,
    )
  }
  const unknown = names.find((name) => !Object.hasOwn(better, name))
  if (unknown === undefined) return
  const wanted = `replace to name some of ${Object.keys(better).join(', ')}`
  throw new RangeError(`Cannot register wasm gradients: expected ${wanted}, got ${unknown}`)
}

/** Puts our kernel in the place of the backend's; false when it is there already. */
function replaceKernel(kernelName: ReplaceableKernel): boolean {
  const stock = getKernel(kernelName, 'wasm')
  if (!stock || ours.has(stock.kernelFunc)) return false
  const kernelFunc = asKernelFunc(better[kernelName](stock.kernelFunc as unknown as Kernel))
  ours.add(kernelFunc)
  unregisterKernel(kernelName, 'wasm') // or tfjs warns
  registerKernel({ ...stock, kernelFunc }) // with the setup that the stock kernel still needs
  return true
}
