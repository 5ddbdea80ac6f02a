import { assemble } from '../../../internal/assembler.js'
import { compiledOnce } from '../../kernels/compiled-once.js'
import { instantiate } from '../../kernels/create-kernels.js'
import type { Blocks, GatherPlaces } from '../../kernels/kernels.js'
import { isByRow } from '../../kernels/kernels-of.js'
import type { Memory } from '../../kernels/memory.js'
import { trainingFunctions } from './code.js'
import { type UpdateName, updateFunctions } from './update-code.js'

/** Sums of the gradients of entries: `output` is the gradient of the outcome, which is read. */
export interface ProductGradientPlaces extends GatherPlaces {
  /** Four partial sums an entry. */
  readonly sums: number
  /** Four partial sums a row, or 0 for none. */
  readonly bias: number
}

/** The gradient of a maximum, in narrow blocks; `output` is the gradient of it, which is read. */
export interface MaximumGradientPlaces extends GatherPlaces {
  /** The maximum itself. */
  readonly maximum: number
  /** From the input to the gradient of the input, in bytes. */
  readonly toGradient: number
  /** From the offsets of the input to those of its gradient, in bytes. */
  readonly toOffsets: number
  /** Two floats: a maximum that does not lie between them has no gradient. */
  readonly bounds: number
  /** Windows overlap: gradients are added to those that are there, not written. */
  readonly overlap: boolean
  /** Each of the largest has the gradient, and not the first alone; for one window. */
  readonly each: boolean
}

export interface CutGradientPlaces {
  readonly value: number
  readonly gradient: number
  readonly out: number
  readonly bounds: number
  /** A multiple of 4. */
  readonly length: number
}

/** Elements of a weight; up to three behind the last are changed as well, and lie in its room. */
export interface UpdatePlaces {
  readonly values: number
  readonly gradients: number
  /** As many as the update has. */
  readonly slots: readonly number[]
  /** The factor of all gradients, and the settings of the update. */
  readonly settings: number
  readonly length: number
}

/** Inner loops of the gradients, in batches: places are addresses in bytes. */
export interface TrainingKernels {
  /** sums[entry] += input[offset] * output[row]; bias[row] += output[row] */
  readonly productGradient: (blocks: Blocks, places: ProductGradientPlaces) => void
  /** The gradient of each maximum goes to where the first of the largest was, or to each of them. */
  readonly maximumGradient: (blocks: Blocks, places: MaximumGradientPlaces) => void
  /** out = gradient where the value lies between the bounds, else 0 */
  readonly cutGradient: (places: CutGradientPlaces) => void
  /** out[i] = the sum of the four floats of element i, which are 0 afterwards. */
  readonly sumGradients: (places: { sums: number; out: number; length: number }) => void
  /** Adds the squares of a gradient to the double at `out`. */
  readonly sumSquares: (places: { gradients: number; out: number; length: number }) => void
  /** One step of an optimizer. */
  readonly update: (name: UpdateName, places: UpdatePlaces) => void
  /** to[i] = from[order[i]] */
  readonly pickFloats: (places: PickPlaces) => void
}

export interface PickPlaces {
  readonly from: number
  /** A whole number an element. */
  readonly order: number
  readonly to: number
  readonly length: number
}

/**
 * The kernels of training on a memory.
 *
 * @throws {Error} If the host has no SIMD or forbids WebAssembly.
 */
export async function createTrainingKernels(memory: Memory): Promise<TrainingKernels> {
  const module = await compiledOnce('training', () =>
    assemble([...trainingFunctions(), ...updateFunctions()], { shared: false }),
  )
  const exports = await instantiate(module, memory)
  const gather =
    (name: string) => (b: Blocks, p: GatherPlaces, values: number, bias: number, bounds: number) =>
      exports[
        `${name}${b.size === 'wide' ? 'Wide' : 'Narrow'}${isByRow(b, p) ? 'ByRow' : 'ByBlock'}`
      ]!(
        ...[b.outer, b.inner, b.inOuter, b.inInner, b.outOuter, b.outInner, b.inHalf, b.outHalf],
        ...[p.input, p.output, p.outRow, p.rows, p.starts, p.offsets, values, bias, bounds],
      )
  const product = gather('productGradient')
  const [added, written, given] = ['maximumAdd', 'maximumWrite', 'maximumEach'].map(gather)
  return {
    productGradient: (blocks, places) => product(blocks, places, places.sums, places.bias, 0),
    maximumGradient: (blocks, places) =>
      (places.each ? given! : places.overlap ? added! : written!)(
        { ...blocks, outHalf: places.maximum - places.output },
        ...[places, places.bounds, places.toGradient, places.toOffsets],
      ),
    cutGradient: ({ value, gradient, out, bounds, length }) =>
      exports.cutGradient!(value, gradient, out, bounds, length),
    sumGradients: ({ sums, out, length }) => exports.sumGradients!(sums, out, out + length * 4),
    sumSquares: ({ gradients, out, length }) =>
      exports.sumSquares!(gradients, out, gradients + length * 4),
    update: (name, { values, gradients, slots: [first = 0, second = 0], settings, length }) =>
      exports[name]!(values, gradients, first, second, settings, values + length * 4),
    pickFloats: ({ from, order, to, length }) =>
      exports.pickFloats!(from, order, to, to + length * 4),
  }
}
