import { type TensorInfo, util } from '@tensorflow/tfjs-core'
import { indexOf, type KernelMaker } from '../engine/backend.js'
import { engineOf } from '../engine/engine-of.js'

/** Add where the second operand is a bias, one float per place along the last axis. */
export const add: KernelMaker = (stock) => (call) => {
  const { inputs, backend } = call
  const { a, b } = inputs as Record<'a' | 'b', TensorInfo>
  const columns = util.sizeFromShape(b.shape)
  const rows = util.sizeFromShape(a.shape) / columns
  const isBias =
    b.shape.length <= a.shape.length && b.shape.at(-1) === columns && a.shape.at(-1) === columns
  const floats = a.dtype === 'float32' && b.dtype === 'float32'
  if (!isBias || !floats || !(rows > 1) || !engineOf(backend).simd) return stock(call)
  const out = backend.makeOutput(a.shape, 'float32')
  const places = { x: indexOf(backend, a), bias: indexOf(backend, b), out: indexOf(backend, out) }
  engineOf(backend).addBias({ rows, columns }, places)
  return out
}
