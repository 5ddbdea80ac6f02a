import { getKernel, type KernelFunc, registerKernel } from '@tensorflow/tfjs-core'
import { FUSED_STEP } from '../../updates/fused-step.js'
import { cpuStep } from './cpu-step.js'

/**
 * Gives the cpu backend steps of optimizers for `maskedOptimizer`, and so for `fit` and `prune`,
 * that take one pass over each weight: gradients, slots, values and mask. Where elements are
 * pruned, the pass visits the kept ones alone.
 *
 * For SGD, momentum, Adam and RMSProp of tfjs, clipped or not. Every bit is that of the step by
 * tfjs. Other optimizers, centred RMSProp and classes that extend those of tfjs take their own
 * steps. The wasm backend gets such steps by `registerWasmGradients`.
 *
 * @returns Whether this call registered them; a second one changes nothing.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu'
 * import { registerCpuUpdates } from 'tfjs-prune/backends/cpu'
 *
 * registerCpuUpdates() // once, before or after setBackend('cpu')
 * if (registerCpuUpdates()) throw new Error('once is enough')
 * ```
 */
export function registerCpuUpdates(): boolean {
  if (getKernel(FUSED_STEP, 'cpu')) return false
  const kernelFunc = cpuStep as unknown as KernelFunc
  registerKernel({ kernelName: FUSED_STEP, backendName: 'cpu', kernelFunc })
  return true
}
