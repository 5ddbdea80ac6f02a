/**
 * The error of a name or a pattern that fits no weight of a model, most likely a slip of the pen. A
 * caller that takes names from users catches it and asks again.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { selectWeights, UnmatchedSelector } from 'tfjs-prune'
 *
 * const model = sequential({ layers: [layers.dense({ name: 'out', units: 2, inputShape: [4] })] })
 * try {
 *   selectWeights(model, { include: 'uot' })
 * } catch (error) {
 *   if (!(error instanceof UnmatchedSelector) || error.option !== 'include') throw error
 * }
 * ```
 */
export class UnmatchedSelector extends RangeError {
  /** The option that holds the name, such as `include`. */
  readonly option: string

  constructor(option: string, reason: string) {
    super(`Cannot select weights: expected ${option} ${reason}`)
    this.option = option
  }
}
