import type { Tensor } from '@tensorflow/tfjs-core'
import type { ScoredWeight } from '../types.js'
import { invert } from './cholesky.js'
import { dampingShift } from './damping-shift.js'
import { type Curvature, ROUNDING } from './layer-refit.js'

interface Products {
  /** Mean of x x^T, `[inputs, inputs]`. */
  readonly inputProducts: Tensor
  /** Share of the mean diagonal that is added to it. */
  readonly damping: number
  /** The caller's task, in errors. @default 'score' */
  readonly task?: string
}

/**
 * The curvature of a kernel whose outputs are on the last axis. Its inverse is worked out when it is
 * first asked for, and the asking throws a RangeError where there is none.
 */
export function makeCurvature(
  { name, final }: Pick<ScoredWeight, 'name' | 'final'>,
  { inputProducts, damping, task = 'score' }: Products,
): Curvature {
  const size = final.size / final.shape.at(-1)!
  if (inputProducts.shape.join() !== [size, size].join()) {
    const got = `[${inputProducts.shape.join(', ')}]`
    throw new TypeError(
      `Cannot ${task} ${name}: expected inputProducts of shape [${size}, ${size}], got ${got}`,
    )
  }
  const products = inputProducts.dataSync()
  const diagonal = Float64Array.from({ length: size }, (_, i) => products[i * size + i]!)
  const shift = dampingShift(diagonal, { damping, task: `${task} ${name}` })
  let inverse: Float64Array | undefined
  const invertOnce = () => {
    const shifted = Float64Array.from(products)
    for (let i = 0; i < size; i++) shifted[i * size + i]! += shift
    if (invert(shifted, size, ROUNDING)) return shifted
    const wanted = `a positive definite mean of x x^T with ${shift} (damping ${damping}) on its diagonal`
    const got = diagonal.every((value) => value === 0) ? 'inputs that are all 0' : 'a singular one'
    throw new RangeError(
      `Cannot ${task} ${name}: expected ${wanted}, got ${got}: give more samples or a higher damping`,
    )
  }
  return {
    ...{ size, products, shift },
    get inverse() {
      inverse ??= invertOnce()
      return inverse
    },
  }
}
