import type { TensorInfo } from '@tensorflow/tfjs-core'
import { zerosOf } from '../../../internal/masked-weights.js'
import { flattened, type Geometry, geometryOf, isEmpty } from '../convolution/geometry.js'
import { indexOf, type Kernel, type KernelCall, type KernelMaker } from '../engine/backend.js'
import { engineOf } from '../engine/engine-of.js'
import { productOf } from '../kernels/batch-mat-mul.js'
import { type Bounds, convolveKept } from './convolve-kept.js'
import { filterGradientKept } from './filter-gradient-kept.js'
import { inputGradientKept } from './input-gradient-kept.js'
import { countKept } from './kept-weights.js'
import { type MaskData, maskData } from './mask-data.js'
import type { MaskedWork } from './masked-work.js'
import { maskingOfNode } from './masking-of-node.js'
import type { Pays } from './pays.js'
import { productCounts } from './product-counts.js'

/** Does a call without the pruned weights; undefined where it cannot or does not pay. */
type Attempt = (call: KernelCall, pays: Pays) => TensorInfo | undefined

interface Case {
  readonly mask: MaskData | undefined
  readonly pays: Pays
  readonly geometry: () => Geometry
}

/** The work of a call; undefined where it is to run dense. Counts the calls whose mask is known. */
function workOf(call: KernelCall, { mask, ...given }: Case): MaskedWork | undefined {
  if (!mask) return undefined
  const work = payingWork(call, { mask, ...given })
  productCounts[work ? 'masked' : 'dense']++
  return work
}

function payingWork(
  { backend, inputs, attrs }: KernelCall,
  { mask, pays, geometry: open }: Case & { readonly mask: MaskData },
): MaskedWork | undefined {
  const { simd, threads } = engineOf(backend)
  if (attrs.dataFormat === 'NCHW' || !simd || threads) return undefined
  for (const name in inputs) if ((inputs[name]?.dtype ?? 'float32') !== 'float32') return undefined
  const geometry = open()
  const { filterHeight, filterWidth, inChannels, outChannels } = geometry
  const size = filterHeight * filterWidth * inChannels * outChannels
  if (isEmpty(geometry) || mask.size !== size || !pays(geometry, countKept(backend, mask)))
    return undefined
  return { backend, geometry, mask }
}

interface Ends {
  readonly x: TensorInfo
  readonly filter: TensorInfo
  readonly y: TensorInfo
}

const placesOf = ({ backend }: MaskedWork, { x, filter, y }: Ends) => ({
  x: indexOf(backend, x),
  filter: indexOf(backend, filter),
  y: indexOf(backend, y),
})

/** Activations that cut values at bounds, and none. */
const activations: Readonly<Record<string, Bounds | undefined>> = {
  linear: undefined,
  relu: [0, Number.POSITIVE_INFINITY],
  relu6: [0, 6],
}

/** Whether the bias of a fused product is one float an output, and its activation is known. */
const isKnown = ({ inputs, attrs }: KernelCall, outputs: number): boolean =>
  Object.hasOwn(activations, attrs.activation as string) &&
  (!inputs.bias || inputs.bias.shape.join() === `${outputs}`)

function forward(
  work: MaskedWork,
  { inputs: { bias }, attrs }: KernelCall,
  { shape, x, filter }: Omit<Ends, 'y'> & { readonly shape: number[] },
): TensorInfo {
  const { backend } = work
  const y = backend.makeOutput(shape, 'float32')
  const places = placesOf(work, { x, filter, y })
  const bounds = activations[attrs.activation as string]
  convolveKept(work, bias ? { ...places, bias: indexOf(backend, bias) } : places, bounds)
  return y
}

function toInput(work: MaskedWork, shape: number[], ends: Omit<Ends, 'x'>): TensorInfo {
  const x = work.backend.makeOutput(shape, 'float32')
  inputGradientKept(work, placesOf(work, { ...ends, x }))
  return x
}

function toFilter(work: MaskedWork, shape: number[], ends: Omit<Ends, 'filter'>): TensorInfo {
  const filter = work.backend.makeOutput(shape, 'float32')
  filterGradientKept(work, placesOf(work, { ...ends, filter }))
  return filter
}

const convolution =
  (kernel: 'Conv2D' | 'FusedConv2D'): Attempt =>
  (call, pays) => {
    const { x, filter } = call.inputs as Record<'x' | 'filter', TensorInfo>
    if (kernel === 'FusedConv2D' && !isKnown(call, filter.shape[3]!)) return undefined
    const shapes = { kernel, input: x.shape, filter: filter.shape }
    const geometry = () => flattened(geometryOf(call.attrs, shapes))
    const work = workOf(call, { mask: maskData(zerosOf(filter.dataId)), pays, geometry })
    return work && forward(work, call, { shape: work.geometry.outShape, x, filter })
  }

const convolutionToInput: Attempt = (call, pays) => {
  const { dy, filter } = call.inputs as Record<'dy' | 'filter', TensorInfo>
  const shape = call.attrs.inputShape as number[]
  const shapes = { kernel: 'Conv2DBackpropInput', input: shape, filter: filter.shape }
  const geometry = () => flattened(geometryOf(call.attrs, shapes))
  const work = workOf(call, { mask: maskData(zerosOf(filter.dataId)), pays, geometry })
  return work && toInput(work, shape, { filter, y: dy })
}

const convolutionToFilter: Attempt = (call, pays) => {
  const { x, dy } = call.inputs as Record<'x' | 'dy', TensorInfo>
  const shape = call.attrs.filterShape as number[]
  const shapes = { kernel: 'Conv2DBackpropFilter', input: x.shape, filter: shape }
  const geometry = () => flattened(geometryOf(call.attrs, shapes))
  const work = workOf(call, { mask: maskingOfNode(x), pays, geometry })
  return work && toFilter(work, shape, { x, y: dy })
}

const PIXEL = {
  inHeight: 1,
  inWidth: 1,
  outHeight: 1,
  outWidth: 1,
  filterHeight: 1,
  filterWidth: 1,
  strideHeight: 1,
  strideWidth: 1,
  dilationHeight: 1,
  dilationWidth: 1,
  top: 0,
  left: 0,
}

/** A product of matrices as a convolution of images of one pixel. */
const pixels = (batch: number, inChannels: number, outChannels: number): Geometry => {
  return { ...PIXEL, batch, inChannels, outChannels, outShape: [batch, 1, 1, outChannels] }
}

const matrices: Attempt = (call, pays) => {
  const { a, b } = call.inputs as Record<'a' | 'b', TensorInfo>
  const { transposeA, transposeB } = call.attrs
  // The mask first: products of other tensors are many and small.
  const mask = transposeA ? maskingOfNode(a) : maskData(zerosOf(b.dataId))
  const product = mask && productOf(call)
  if (!product || (product.bStep > 0 && product.batch > 1)) return undefined
  const { shape, rows, columns, inner, batch } = product
  if (transposeA) {
    if (transposeB || batch > 1) return undefined
    const work = workOf(call, { mask, pays, geometry: () => pixels(inner, rows, columns) })
    return work && toFilter(work, shape, { x: a, y: b })
  }
  const count = batch * rows
  if (transposeB) {
    const work = workOf(call, { mask, pays, geometry: () => pixels(count, columns, inner) })
    return work && toInput(work, shape, { filter: b, y: a })
  }
  const work = workOf(call, { mask, pays, geometry: () => pixels(count, inner, columns) })
  return work && forward(work, call, { shape, x: a, filter: b })
}

const fusedMatrices: Attempt = (call, pays) => {
  const { transposeA, transposeB } = call.attrs
  const { b } = call.inputs as { b: TensorInfo }
  const known = !transposeA && !transposeB && isKnown(call, b.shape.at(-1)!)
  return known ? matrices(call, pays) : undefined
}

const attempts: Readonly<Record<string, Attempt>> = {
  Conv2D: convolution('Conv2D'),
  FusedConv2D: convolution('FusedConv2D'),
  Conv2DBackpropInput: convolutionToInput,
  Conv2DBackpropFilter: convolutionToFilter,
  BatchMatMul: matrices,
  _FusedMatMul: fusedMatrices,
}

/** Makers of kernels that leave pruned weights out where they can, by the names of tfjs. */
export const maskedKernels = (pays: Pays): Readonly<Record<string, KernelMaker>> =>
  Object.fromEntries(
    Object.entries(attempts).map(([name, attempt]) => [
      name,
      (stock: Kernel) => (call: KernelCall) => attempt(call, pays) ?? stock(call),
    ]),
  )
