import { broadcast_util, type TensorInfo, util } from '@tensorflow/tfjs-core'
import {
  indexOf,
  type KernelCall,
  type KernelMaker,
  startOf,
  type WasmBackend,
} from '../engine/backend.js'
import type { Gemm } from '../engine/engine.js'
import { engineOf } from '../engine/engine-of.js'
import { panelsOf, withPanels } from '../engine/panels.js'

/** BatchMatMul; a transposed first operand costs nothing, a transposed second one is copied. */
export const batchMatMul: KernelMaker = (stock) => (call) => {
  const { inputs, backend } = call
  const product = productOf(call)
  const { simd, threads } = engineOf(backend)
  if (!product || !simd) return stock(call)
  if (threads && !product.transposeA && !product.transposeB) return stock(call)
  const { a, b } = inputs as Record<'a' | 'b', TensorInfo>
  return multiply(backend, { a, b }, product)
}

/** The parts of a product of batches of matrices. */
export interface Product {
  readonly shape: number[]
  readonly rows: number
  readonly columns: number
  readonly inner: number
  readonly batch: number
  /** From one matrix of the batch to the next; 0 where one matrix serves all. */
  readonly aStep: number
  readonly bStep: number
  readonly transposeA: boolean
  readonly transposeB: boolean
}

/**
 * The product that a kernel was asked for; undefined where the operands are not float32 or do not
 * fit together.
 */
export function productOf({ inputs, attrs }: KernelCall): Product | undefined {
  const { a, b } = inputs as Record<'a' | 'b', TensorInfo>
  if (a.dtype !== 'float32' || b.dtype !== 'float32') return undefined
  const { transposeA, transposeB } = attrs as { transposeA: boolean; transposeB: boolean }
  const [rows = 0, inner = 0] = transposeA ? a.shape.slice(-2).reverse() : a.shape.slice(-2)
  const [length, columns = 0] = transposeB ? b.shape.slice(-2).reverse() : b.shape.slice(-2)
  const [aBatch, bBatch] = [a.shape.slice(0, -2), b.shape.slice(0, -2)]
  const [aCount, bCount] = [util.sizeFromShape(aBatch), util.sizeFromShape(bBatch)]
  if (length !== inner || (!util.arraysEqual(aBatch, bBatch) && aCount !== 1 && bCount !== 1))
    return undefined
  const outer = broadcast_util.assertAndGetBroadcastShape(aBatch, bBatch)
  return {
    shape: [...outer, rows, columns],
    rows,
    columns,
    inner,
    batch: util.sizeFromShape(outer),
    aStep: aCount === 1 ? 0 : rows * inner,
    bStep: bCount === 1 ? 0 : inner * columns,
    transposeA,
    transposeB,
  }
}

/** Rows of the second operand at once, so that a panel of them stays in the first-level cache. */
const innerAtOnce = 256

/** a b + bias */
export function multiply(
  backend: WasmBackend,
  { a, b, bias }: { a: TensorInfo; b: TensorInfo; bias?: TensorInfo | undefined },
  product: Product,
): TensorInfo {
  const { shape, rows, columns, inner, batch, aStep, bStep, transposeB } = product
  const { out, accumulate } = startOf(backend, { shape, bias, empty: inner === 0 })
  if (inner === 0 || util.sizeFromShape(shape) === 0) return out
  const inPanels = transposeB
  const works = worksOf(product, { inPanels, accumulate })
  const [aFrom, bFrom, c] = [indexOf(backend, a), indexOf(backend, b), indexOf(backend, out)]
  const { gemm } = engineOf(backend)
  const run = (index: number, place: number) => {
    const [aAt, cAt] = [aFrom + index * aStep, c + index * rows * columns]
    for (const work of works)
      gemm(work.gemm, { a: aAt + work.a, b: place + work.b, c: cAt + work.c })
  }
  for (let index = 0; index < batch; index++) {
    const from = bFrom + index * bStep
    const matrix = { from, rows: inner, columns, transposed: transposeB }
    if (inPanels) withPanels(backend, matrix, (place) => run(index, place))
    else run(index, from)
  }
  return out
}

/** A part of a product of two matrices, and where its operands and its result begin. */
interface Work {
  readonly gemm: Gemm
  readonly a: number
  readonly b: number
  readonly c: number
}

function worksOf(
  product: Product,
  { inPanels, accumulate }: { inPanels: boolean; accumulate: boolean },
): Work[] {
  const { rows, columns, inner, transposeA } = product
  const [rowStep, innerStep] = transposeA ? [1, rows] : [inner, 1]
  const starts = Array.from(
    { length: Math.ceil(inner / innerAtOnce) },
    (_, index) => index * innerAtOnce,
  )
  const panels = inPanels ? panelsOf(columns) : [{ from: 0, length: columns }]
  return panels.flatMap(({ from: column, length }) =>
    starts.map((start) => ({
      a: start * innerStep,
      b: column * inner + start * length,
      c: column,
      gemm: {
        rows,
        columns: length,
        outer: 1,
        middle: 1,
        inner: Math.min(innerAtOnce, inner - start),
        rowStep,
        outerStep: 0,
        middleStep: 0,
        innerStep,
        bStep: length,
        cStep: columns,
        accumulate: accumulate || start > 0,
      },
    })),
  )
}
