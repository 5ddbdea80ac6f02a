import {
  getGradient,
  getKernel,
  getKernelsForBackend,
  registerGradient,
  registerKernel,
} from '@tensorflow/tfjs-core'
import { checkOptions, type OptionCheck, type OptionChecks } from '../../internal/check-options.js'
import { describe } from '../../internal/describe.js'
import { KEEP_ONLY } from '../../internal/keep-only.js'
import { asKernelFunc, type KernelMaker } from './engine/backend.js'
import { betterGradients } from './gradients/gradients-by-name.js'
import { keepOnlyGradient } from './gradients/keep-only.js'
import { type BetterGradient, replaceGradient } from './gradients/replace-gradient.js'
import { betterKernels, missingKernels } from './kernels/kernels-by-name.js'
import { replaceKernel } from './kernels/replace-kernel.js'

/** A kernel of tfjs that {@link registerWasmGradients} can replace, or the gradient of one. */
export type ReplaceableKernel = keyof typeof betterKernels | keyof typeof betterGradients

/** Options of {@link registerWasmGradients}. */
export interface RegisterWasmGradientsOptions {
  /**
   * Kernels of the backend to replace by faster ones, with their gradients, and the two of Conv3D
   * whose values are wrong in 4.22. ClipByValue, LeakyRelu, Relu and Relu6 keep their kernels: only
   * their gradients are replaced. An empty list leaves all as they are. @default all that can be
   * replaced
   */
  readonly replace?: readonly ReplaceableKernel[]
}

const replaceable = Object.keys({ ...betterKernels, ...betterGradients }) as ReplaceableKernel[]

const checkKernels: OptionCheck = (value, { task, name }) => {
  if (!Array.isArray(value)) {
    throw new TypeError(`Cannot ${task}: expected a list as ${name}, got ${describe(value)}`)
  }
  const unknown = value.find((kernel) => !replaceable.includes(kernel))
  if (unknown === undefined) return
  const wanted = `${name} to name some of ${replaceable.join(', ')}`
  throw new RangeError(`Cannot ${task}: expected ${wanted}, got ${unknown}`)
}

const task = 'register wasm gradients'
const checks: OptionChecks<RegisterWasmGradientsOptions> = { replace: checkKernels }

/**
 * Gives the wasm backend the gradients that training convolutional networks takes.
 *
 * Registers the kernels that tfjs-backend-wasm 4.22 lacks: Conv2DBackpropFilter,
 * DepthwiseConv2dNativeBackpropInput, DepthwiseConv2dNativeBackpropFilter and UnsortedSegmentSum,
 * the gradient of `gather` and so of embedding layers. A kernel of that name that is there already
 * stays. Adds one of ours that holds masks in one pass over the weights, and steps of optimizers for
 * `maskedOptimizer` that take one pass as well. Replaces the kernels that
 * `replace` names; a replaced kernel hands the cases that it does not speed up to the one that was
 * there. With FusedBatchNorm, Mean, Square, Tile, Minimum and Maximum, their gradients are replaced
 * on wasm, not on others. A second call changes nothing.
 *
 * The values are those of the cpu backend to 1e-4. Where the host has SIMD, the inner loops are a
 * WebAssembly module of 8 kB that works in place on the backend's memory; elsewhere the missing
 * kernels are plain loops.
 *
 * @param options The kernels to replace.
 * @returns The names of the kernels that this call registered; empty when there was nothing to do.
 * @throws {TypeError} If an option does not exist, or `replace` is no list.
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
export function registerWasmGradients(options: RegisterWasmGradientsOptions = {}): string[] {
  checkOptions(options, { task, checks })
  const { replace = replaceable } = options
  if (getKernelsForBackend('wasm').length === 0) {
    const wanted =
      'expected @tensorflow/tfjs-backend-wasm to be imported first, got no kernel of it'
    throw new Error(`Cannot ${task}: ${wanted}`)
  }
  const added = Object.entries(missingKernels).filter(
    ([kernelName]) => !getKernel(kernelName, 'wasm'),
  )
  for (const [kernelName, kernel] of added) {
    registerKernel({ kernelName, backendName: 'wasm', kernelFunc: asKernelFunc(kernel) })
  }
  if (!getGradient(KEEP_ONLY)) registerGradient(keepOnlyGradient)
  for (const name of replace) {
    const better = ofName<BetterGradient>(betterGradients, name)
    if (better) replaceGradient(name, better)
  }
  return [...added.map(([kernelName]) => kernelName), ...replace.filter(replaceByBetter)]
}

const ofName = <T>(all: Readonly<Partial<Record<ReplaceableKernel, T>>>, name: ReplaceableKernel) =>
  all[name]

/** False where nothing of the backend was replaced. */
function replaceByBetter(name: ReplaceableKernel): boolean {
  const better = ofName<KernelMaker>(betterKernels, name)
  return better !== undefined && replaceKernel(name, better)
}
