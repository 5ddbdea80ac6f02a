import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { KernelMaker } from '../engine/backend.js'
import { engineOf } from '../engine/engine-of.js'
import { multiply, productOf } from './batch-mat-mul.js'

/** _FusedMatMul without an activation, as dense layers without one use it in training. */
export const fusedMatMul: KernelMaker = (stock) => (call) => {
  const { inputs, attrs, backend } = call
  const { a, b, bias } = inputs as { a: TensorInfo; b: TensorInfo; bias?: TensorInfo }
  const product = productOf(call)
  const fits = !bias || (bias.shape.length === 1 && bias.shape[0] === product?.columns)
  const { simd, threads } = engineOf(backend)
  if (!product || !fits || attrs.activation !== 'linear' || !simd || threads) return stock(call)
  return multiply(backend, { a, b, bias }, product)
}
