import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { Elementwise } from '../code/elementwise-code.js'
import { pairwise } from '../elementwise/pairwise.js'
import { runElementwise } from '../elementwise/run-elementwise.js'
import type { KernelMaker } from '../engine/backend.js'

const maker =
  (operation: Elementwise): KernelMaker =>
  (stock) =>
  (call) => {
    const { a, b } = call.inputs as Readonly<Record<'a' | 'b', TensorInfo>>
    return runElementwise(call.backend, operation, [a, b]) ?? stock(call)
  }

type PairwiseName = (typeof pairwise)[number]['name']

/** Kernels of two operands, value by value, by their names. */
export const pairwiseKernels = /* @__PURE__ */ Object.fromEntries(
  pairwise.map((operation) => [operation.name, maker(operation)]),
) as Readonly<Record<PairwiseName, KernelMaker>>
