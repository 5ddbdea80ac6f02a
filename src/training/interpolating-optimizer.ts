import type { Optimizer, Scalar, Variable } from '@tensorflow/tfjs-core'
import type { Gradients } from '../internal/gradients.js'
import { OptimizerWrapper } from '../internal/optimizer-wrapper.js'
import { interpolated, type TrainedNorm } from './trained-norms.js'

interface Interpolation {
  readonly norms: readonly TrainedNorm[]
  /** The way back of the next step, in [0, 1). */
  readonly draw: () => number
}

/** Lets the forward pass of each step see normalisation on the way back to its start. */
export class InterpolatingOptimizer extends OptimizerWrapper {
  readonly #interpolation: Interpolation

  constructor(inner: Optimizer, interpolation: Interpolation) {
    super(inner)
    this.#interpolation = interpolation
  }

  override applyGradients(gradients: Gradients): void {
    this.inner.applyGradients(gradients)
  }

  override minimize(f: () => Scalar, returnCost?: boolean, variables?: Variable[]): Scalar | null {
    return this.inner.minimize(this.#seen(f), returnCost, variables)
  }

  override computeGradients(f: () => Scalar, variables?: Variable[]) {
    return super.computeGradients(this.#seen(f), variables)
  }

  #seen(f: () => Scalar): () => Scalar {
    const { norms, draw } = this.#interpolation
    const alpha = draw()
    return () => interpolated(norms, alpha, f)
  }
}
