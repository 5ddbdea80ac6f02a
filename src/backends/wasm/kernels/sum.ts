import { backend_util, type TensorInfo, util } from '@tensorflow/tfjs-core'
import { floatsOf, indexOf, type KernelMaker, withScratch, zeros } from '../engine/backend.js'
import type { Gemm } from '../engine/engine.js'
import { engineOf } from '../engine/engine-of.js'

/**
 * Rows that are added up before the sum goes into the total: pairwise sums lose less than a long
 * one.
 */
const rowsAtOnce = 256

/**
 * Sum over the leading axes, as the gradient of a bias needs it, without the stock kernel's
 * transpose.
 */
export const sum: KernelMaker = (stock) => (call) => {
  const { inputs, attrs, backend } = call
  const { x } = inputs as { x: TensorInfo }
  const axes = util.parseAxisParam(attrs.axis as number | number[], x.shape)
  const leading =
    axes.length > 0 && axes.length < x.shape.length && axes.every((axis, index) => axis === index)
  if (!leading || x.dtype !== 'float32' || !engineOf(backend).simd) return stock(call)
  const [shape, summed] = backend_util.computeOutAndReduceShapes(x.shape, axes)
  const [columns, rows] = [util.sizeFromShape(shape), util.sizeFromShape(summed)]
  const out = zeros(
    backend,
    attrs.keepDims ? backend_util.expandShapeToKeepDim(shape, axes) : shape,
  )
  if (columns * rows === 0) return out
  withScratch(backend, 1, (one) => {
    floatsOf(backend)[one] = 1
    const { gemm } = engineOf(backend)
    const [from, c] = [indexOf(backend, x), indexOf(backend, out)]
    const whole = rowsOf(Math.min(rows, rowsAtOnce), columns)
    const last = rowsOf(rows % rowsAtOnce, columns)
    for (let row = 0; row < rows; row += rowsAtOnce) {
      gemm(row + whole.inner <= rows ? whole : last, { a: one, b: from + row * columns, c })
    }
  })
  return out
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
