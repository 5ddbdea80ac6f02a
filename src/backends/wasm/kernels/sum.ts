import { backend_util, type TensorInfo, util } from '@tensorflow/tfjs-core'
import {
  floatsOf,
  indexOf,
  type KernelCall,
  type KernelMaker,
  withScratch,
  zeros,
} from '../engine/backend.js'
import type { Gemm } from '../engine/engine.js'
import { engineOf } from '../engine/engine-of.js'
import { rowsAtOnce } from '../engine/rows-at-once.js'

/**
 * Sum over axes that lie side by side and leave the last one, as the gradient of a bias and
 * global pools need it, without the stock kernel's transpose.
 */
export const sum: KernelMaker = (stock) => (call) => sumRows(call)?.out ?? stock(call)

/** Mean over such axes. */
export const mean: KernelMaker = (stock) => (call) => {
  const summed = sumRows(call)
  if (!summed) return stock(call)
  const { out, rows } = summed
  const from = indexOf(call.backend, out)
  const values = floatsOf(call.backend).subarray(from, from + util.sizeFromShape(out.shape))
  for (let i = 0; i < values.length; i++) values[i]! /= rows
  return out
}

/** The sums, and how many values are in each; undefined for other axes, types and hosts. */
function sumRows({
  inputs,
  attrs,
  backend,
}: KernelCall): { out: TensorInfo; rows: number } | undefined {
  const { x } = inputs as { x: TensorInfo }
  const axes = util.parseAxisParam(attrs.axis as number | number[], x.shape)
  const first = axes[0] ?? 0
  const sideBySide = axes.length > 0 && axes.every((axis, index) => axis === first + index)
  const leavesLast = first + axes.length < x.shape.length
  if (!sideBySide || !leavesLast || x.dtype !== 'float32' || !engineOf(backend).simd)
    return undefined
  const [shape, summed] = backend_util.computeOutAndReduceShapes(x.shape, axes)
  const rows = util.sizeFromShape(summed)
  const matrices = util.sizeFromShape(x.shape.slice(0, first))
  const columns = util.sizeFromShape(x.shape.slice(first + axes.length))
  const keepDims = attrs.keepDims as boolean
  const out = zeros(backend, keepDims ? backend_util.expandShapeToKeepDim(shape, axes) : shape)
  if (matrices * rows * columns > 0) {
    withScratch(backend, 1, (one) => {
      floatsOf(backend)[one] = 1
      const [from, to] = [indexOf(backend, x), indexOf(backend, out)]
      const { gemm } = engineOf(backend)
      const whole = rowsOf(Math.min(rows, rowsAtOnce), columns)
      const last = rowsOf(rows % rowsAtOnce, columns)
      for (let matrix = 0; matrix < matrices; matrix++) {
        for (let row = 0; row < rows; row += rowsAtOnce) {
          const b = from + (matrix * rows + row) * columns
          gemm(row + whole.inner <= rows ? whole : last, { a: one, b, c: to + matrix * columns })
        }
      }
    })
  }
  return { out, rows }
}

/** The sum of some rows as a product with a row of ones: the same one each time. */
function rowsOf(inner: number, columns: number): Gemm {
  return {
    rows: 1,
    columns,
    outer: 1,
    middle: 1,
    inner,
    rowStep: 0,
    outerStep: 0,
    middleStep: 0,
    innerStep: 0,
    bStep: columns,
    cStep: columns,
    accumulate: true,
  }
}
