import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { Pairwise } from '../code/elementwise-code.js'
import { pairwise } from '../elementwise/pairwise.js'
import { runPairwise } from '../elementwise/run-pairwise.js'
import type { KernelMaker } from '../engine/backend.js'

const maker =
  (operation: Pairwise): KernelMaker =>
  (stock) =>
  (call) =>
    runPairwise(call.backend, operation, call.inputs as Record<'a' | 'b', TensorInfo>) ??
    stock(call)

type PairwiseName = (typeof pairwise)[number]['name']

/** Kernels of two operands, value by value, by their names. */
export const pairwiseKernels = /* @__PURE__ */ Object.fromEntries(
  pairwise.map((operation) => [operation.name, maker(operation)]),
) as Readonly<Record<PairwiseName, KernelMaker>>
