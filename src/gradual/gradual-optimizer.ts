import type { Optimizer } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Gradients } from '../internal/gradients.js'
import { OptimizerWrapper } from '../internal/optimizer-wrapper.js'
import type { Mask } from '../masks/mask.js'
import { type MaskedOptimizer, maskedOptimizer } from '../masks/masked-optimizer.js'

/**
 * Holds a mask that shrinks while training goes on. tfjs keeps the optimizer that a model was
 * compiled with, so that the object has to stay: each mask is held by a masked optimizer of its own
 * around the same inner one.
 */
export class GradualOptimizer extends OptimizerWrapper {
  readonly #model: LayersModel
  #held: MaskedOptimizer
  #released = false

  constructor(inner: Optimizer, mask: Mask, model: LayersModel) {
    super(inner)
    this.#model = model
    this.#held = maskedOptimizer(model, inner, mask)
  }

  /** Holds another mask from the next step on; one that is released holds none. */
  hold(mask: Mask): void {
    if (this.#released) return
    const next = maskedOptimizer(this.#model, this.inner, mask)
    this.#held.release()
    this.#held = next
  }

  override applyGradients(gradients: Gradients): void {
    this.#held.applyGradients(gradients)
  }
  override minimize(...args: Parameters<Optimizer['minimize']>): ReturnType<Optimizer['minimize']> {
    return this.#held.minimize(...args)
  }
  override setWeights(...weights: Parameters<Optimizer['setWeights']>) {
    return this.#held.setWeights(...weights)
  }

  /** Frees the masks; a later step is an error. */
  release(): void {
    this.#released = true
    this.#held.release()
  }

  /** Frees the masks and the inner optimizer. */
  override dispose(): void {
    this.release()
    super.dispose()
  }
}
