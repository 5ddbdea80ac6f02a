import { tensor, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { keepOnly } from '../internal/keep-only.js'
import { checkOwn } from '../internal/lent-weights.js'
import { type BoundWeight, boundWeights } from './check-mask.js'
import type { Mask } from './mask.js'

/**
 * Sets the pruned weights of a model to +0, in place; the kept ones stay as they are to the last
 * bit.
 *
 * A product with the mask would leave -0 behind for negative weights, which costs a third more
 * bytes after gzip.
 *
 * @param model The model to change.
 * @param mask A mask that fits it.
 * @throws {TypeError | RangeError} If the mask does not fit; nothing is changed then.
 * @throws {Error} If statistics of the model are gathered with other weights: await that call first.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { applyMask, computeMask } from 'tfjs-prune'
 *
 * const model = sequential({ layers: [layers.dense({ units: 8, inputShape: [8], useBias: false })] })
 * applyMask(model, await computeMask(model, { density: 0.25 }))
 * const left = model.getWeights()[0]!.dataSync().filter((value) => value !== 0)
 * if (left.length !== 16) throw new Error('a quarter of the kernel stays')
 * ```
 */
export function applyMask(model: LayersModel, mask: Mask): void {
  const bound = boundWeights(model, mask)
  checkOwn(model, 'apply the mask')
  applyBoundMask(bound)
}

/** Sets pruned weights to +0. */
export function applyBoundMask(bound: readonly BoundWeight[]): void {
  for (const { masked, weight } of bound) {
    if (masked.kept === masked.values.length) continue
    const next = tidy(() => {
      const kept = tensor(masked.values, masked.shape as number[], 'bool')
      return keepOnly(weight.variable, kept)
    })
    weight.variable.assign(next)
    next.dispose()
  }
}
