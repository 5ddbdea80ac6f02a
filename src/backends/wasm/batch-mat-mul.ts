import type { TensorInfo } from '@tensorflow/tfjs-core'
import {
  floatsOf,
  indexOf,
  type KernelCall,
  type KernelMaker,
  type WasmBackend,
  withScratch,
  zeros,
} from './backend.js'
import { engineOf } from './engine.js'
import { transpose } from './transpose.js'

/** BatchMatMul; a transposed first operand costs nothing, a transposed second one is copied. */
export const batchMatMul: KernelMaker = (stock) => (call) => {
  const { inputs, backend } = call
  const { a, b } = inputs as Record<'a' | 'b', TensorInfo>
  const product = productOf(call)
  const { simd, threads } = engineOf(backend)
  if (!product || !simd) return stock(call)
  if (threads && !product.transposeA && !product.transposeB) return stock(call)
  const out = zeros(backend, product.shape)
  addProduct(backend, { a, b, out }, product)
  return out
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
  const [rows = 0, inner = 0] = flipped(a.shape.slice(-2), transposeA)
  const [length, columns = 0] = flipped(b.shape.slice(-2), transposeB)
  const [aBatch, bBatch] = [a, b].map(({ shape }) => shape.slice(0, -2)) as [number[], number[]]
  const [aCount, bCount] = [sizeOf(aBatch), sizeOf(bBatch)]
  const same = aBatch.join() === bBatch.join()
  if (length !== inner || !(same || aCount === 1 || bCount === 1)) return undefined
  const outer = bCount === 1 && aBatch.length >= bBatch.length ? aBatch : bBatch
  if (outer.length < Math.max(aBatch.length, bBatch.length)) return undefined
  const [aStep, bStep] = [aCount === 1 ? 0 : rows * inner, bCount === 1 ? 0 : inner * columns]
  const batch = sizeOf(outer)
  return { shape: [...outer, rows, columns], rows, columns, inner, batch, aStep, bStep, transposeA, transposeB }
}

const flipped = (shape: number[], transposed: boolean): number[] => (transposed ? shape.toReversed() : shape)
const sizeOf = (shape: number[]): number => shape.reduce((size, length) => size * length, 1)

/** Rows of the second operand at once, so that some columns of them stay in the first-level cache. */
const innerAtOnce = 256

/** out += a b */
export function addProduct(
  backend: WasmBackend,
  { a, b, out }: Readonly<Record<'a' | 'b' | 'out', TensorInfo>>,
  product: Product,
): void {
  const { rows, columns, inner, batch, aStep, bStep, transposeB } = product
  if (rows * columns * inner * batch === 0) return
  const [aAt, bAt, c] = [indexOf(backend, a), indexOf(backend, b), indexOf(backend, out)]
  const each = (place: (index: number) => number) => {
    for (let index = 0; index < batch; index++) {
      addMatrix(backend, { a: aAt + index * aStep, b: place(index), c: c + index * rows * columns }, product)
    }
  }
  if (!transposeB) {
    each((index) => bAt + index * bStep)
    return
  }
  withScratch(backend, inner * columns, (scratch) => {
    const heap = floatsOf(backend)
    let copied: number | undefined
    each((index) => {
      const from = bAt + index * bStep
      if (from !== copied) transpose(heap, { from, to: scratch }, [columns, inner])
      copied = from
      return scratch
    })
  })
}

function addMatrix(backend: WasmBackend, places: Record<'a' | 'b' | 'c', number>, product: Product): void {
  const { rows, columns, inner, transposeA } = product
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
    }
    gemm(work, { a: places.a + from * innerStep, b: places.b + from * columns, c: places.c })
  }
}
