import { type Tensor, tensor } from '@tensorflow/tfjs-core'
import type { ScoredWeight } from '../types.js'
import { type Curvature, refit, removeInTurn } from './layer-refit.js'

/** How a kernel makes up for the elements that go. */
export interface Refit {
  /** 1 = stays, of the kernel's shape. */
  readonly kept: Tensor
  readonly curvature: Curvature
  readonly update: 'exact' | 'sequential'
  /** The caller's task, in errors. @default 'compensate' */
  readonly task?: string
}

/**
 * New values of a kernel whose outputs are on the last axis: its kept elements make up for the
 * others, which are 0. Throws a RangeError where the least squares cannot be solved.
 */
export function refitKernel(
  { name, final, mask }: Pick<ScoredWeight, 'name' | 'final' | 'mask'>,
  { kept, curvature, update, task = 'compensate' }: Refit,
): Tensor {
  const [before, held, stay] = [final.dataSync(), mask.dataSync(), kept.dataSync()]
  const units = final.shape.at(-1)!
  const after = new Float32Array(final.size)
  for (let unit = 0; unit < units; unit++) {
    const flat = Array.from({ length: curvature.size }, (_, i) => i * units + unit)
    const values = Float64Array.from(flat, (at) => (held[at] === 0 ? 0 : before[at]!))
    const own = { values, kept: flat.map((at) => stay[at] !== 0) }
    const isWhole = own.kept.every((isKept, i) => isKept || values[i] === 0)
    if (!isWhole && update === 'sequential') removeInTurn(curvature, own)
    if (!isWhole && update === 'exact' && !refit(curvature, own)) {
      throw new RangeError(
        `Cannot ${task} ${name}: expected a higher damping, got a singular part of mean x x^T`,
      )
    }
    flat.forEach((at, i) => {
      after[at] = values[i]!
    })
  }
  return tensor(after, final.shape)
}
