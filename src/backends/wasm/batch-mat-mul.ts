import { broadcast_util, type TensorInfo, util } from '@tensorflow/tfjs-core'
import { indexOf, type KernelCall, type KernelMaker, startOf, type WasmBackend, withScratch } from './backend.js'
import { engineOf } from './engine.js'

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

/** What a product of batches of matrices is made of. */
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

/** The product that a kernel was asked for; undefined where the operands are not float32 or do not fit together. */
export function productOf({ inputs, attrs }: KernelCall): Product | undefined {
  const { a, b } = inputs as Record<'a' | 'b', TensorInfo>
  if (a.dtype !== 'float32' || b.dtype !== 'float32') return undefined
  const { transposeA, transposeB } = attrs as { transposeA: boolean; transposeB: boolean }
  const [rows = 0, inner = 0] = transposeA ? a.shape.slice(-2).reverse() : a.shape.slice(-2)
  const [length, columns = 0] = transposeB ? b.shape.slice(-2).reverse() : b.shape.slice(-2)
  const [aBatch, bBatch] = [a.shape.slice(0, -2), b.shape.slice(0, -2)]
  const [aCount, bCount] = [util.sizeFromShape(aBatch), util.sizeFromShape(bBatch)]
  if (length !== inner || (!util.arraysEqual(aBatch, bBatch) && aCount !== 1 && bCount !== 1)) return undefined
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

/** Rows of the second operand at once, so that some columns of them stay in the first-level cache. */
const innerAtOnce = 256

/** a b + bias */
export function multiply(
  backend: WasmBackend,
  { a, b, bias }: { a: TensorInfo; b: TensorInfo; bias?: TensorInfo | undefined },
  product: Product,
): TensorInfo {
  const { shape, columns, inner, batch, bStep, transposeB } = product
  const { out, accumulate } = startOf(backend, { shape, bias, empty: inner === 0 })
  if (inner === 0 || util.sizeFromShape(shape) === 0) return out
  const from = indexOf(backend, b)
  if (!transposeB) {
    multiplyEach(backend, { a, out, accumulate, bOf: (index) => from + index * bStep }, product)
    return out
  }
  const matrices = bStep === 0 ? 1 : batch
  withScratch(backend, matrices * inner * columns, (scratch) => {
    const { transpose } = engineOf(backend)
    for (let start = 0; start < matrices * inner * columns; start += inner * columns) {
      transpose({ rows: columns, columns: inner }, { from: from + start, to: scratch + start })
    }
    multiplyEach(backend, { a, out, accumulate, bOf: (index) => scratch + index * bStep }, product)
  })
  return out
}

interface Operands {
  readonly a: TensorInfo
  readonly out: TensorInfo
  readonly accumulate: boolean
  /** Place of the second operand's matrix, rows by columns. */
  readonly bOf: (index: number) => number
}

function multiplyEach(backend: WasmBackend, { a, out, accumulate, bOf }: Operands, product: Product): void {
  const { rows, columns, inner, batch, aStep, transposeA } = product
  const { gemm } = engineOf(backend)
  const [rowStep, innerStep] = transposeA ? [1, rows] : [inner, 1]
  for (let from = 0; from < inner; from += innerAtOnce) {
    const work = {
      rows,
      columns,
      outer: 1,
      middle: 1,
      inner: Math.min(innerAtOnce, inner - from),
      rowStep,
      outerStep: 0,
      middleStep: 0,
      innerStep,
      bStep: columns,
      cStep: columns,
      accumulate: accumulate || from > 0,
    }
    const [aFrom, c] = [indexOf(backend, a) + from * innerStep, indexOf(backend, out)]
    for (let index = 0; index < batch; index++) {
      gemm(work, { a: aFrom + index * aStep, b: bOf(index) + from * columns, c: c + index * rows * columns })
    }
  }
}
