import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { Pairwise } from '../code/elementwise-code.js'
import * as operations from '../elementwise/pairwise.js'
import { runPairwise } from '../elementwise/run-pairwise.js'
import type { KernelCall, KernelMaker } from '../engine/backend.js'

type Input = Readonly<Record<'x', TensorInfo>>

const onItself = ({ inputs, backend }: KernelCall, operation: Pairwise) => {
  const { x } = inputs as Input
  return runPairwise(backend, operation, { a: x, b: x })
}

export const square: KernelMaker = (stock) => (call) =>
  onItself(call, operations.square) ?? stock(call)

/** The slope of ReLU; with another value at and below 0, the stock kernel. */
export const step: KernelMaker = (stock) => (call) =>
  (call.attrs.alpha === 0 ? onItself(call, operations.step) : undefined) ?? stock(call)

/** Tile along axes of length 1, which repeats values as operations of two shapes do. */
export const tile: KernelMaker = (stock) => (call) => {
  const { inputs, attrs, backend } = call
  const { x } = inputs as Input
  const times = attrs.reps as number[]
  const spreads =
    times.length === x.shape.length && times.every((n, i) => n === 1 || x.shape[i] === 1)
  const shape = x.shape.map((length, i) => length * times[i]!)
  // Of the second operand, only the shape is read.
  const out = spreads && runPairwise(backend, operations.repeated, { a: x, b: { ...x, shape } })
  return out || stock(call)
}
