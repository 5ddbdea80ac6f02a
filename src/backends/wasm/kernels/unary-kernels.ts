import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { Elementwise } from '../code/elementwise-code.js'
import * as operations from '../elementwise/pairwise.js'
import { runElementwise } from '../elementwise/run-elementwise.js'
import * as slopes from '../elementwise/slopes.js'
import type { KernelCall, KernelMaker } from '../engine/backend.js'

type Input = Readonly<Record<'x', TensorInfo>>

const onOne = ({ inputs, backend }: KernelCall, operation: Elementwise) => {
  const { x } = inputs as Input
  return runElementwise(backend, operation, [x])
}

export const square: KernelMaker = (stock) => (call) =>
  onOne(call, operations.square) ?? stock(call)

/** The slope of ReLU; with another value at and below 0, the stock kernel. */
export const step: KernelMaker = (stock) => (call) =>
  (call.attrs.alpha === 0 ? onOne(call, slopes.step) : undefined) ?? stock(call)

/** Tile along axes of length 1, which repeats values as operations of two shapes do. */
export const tile: KernelMaker = (stock) => (call) => {
  const { inputs, attrs, backend } = call
  const { x } = inputs as Input
  const times = attrs.reps as number[]
  const spreads =
    times.length === x.shape.length && times.every((n, i) => n === 1 || x.shape[i] === 1)
  const shape = x.shape.map((length, i) => length * times[i]!)
  // Of the second operand, only the shape is read.
  const out = spreads && runElementwise(backend, operations.repeated, [x, { ...x, shape }])
  return out || stock(call)
}
