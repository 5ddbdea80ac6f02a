import {
  add,
  mul,
  type Optimizer,
  scalar,
  square,
  sum,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core'
import { entriesOf, type Gradients } from '../internal/gradients.js'
import { OptimizerWrapper } from '../internal/optimizer-wrapper.js'
import { clipFactor } from './clip-factor.js'

/** Scales the gradients of a step down to a largest global norm, which is above 0. */
export class ClippedOptimizer extends OptimizerWrapper {
  readonly #clipNorm: number

  constructor(inner: Optimizer, clipNorm: number) {
    super(inner)
    this.#clipNorm = clipNorm
  }

  /** An optimizer without the clipping around it, and its norm. */
  static unclip(optimizer: Optimizer): readonly [optimizer: Optimizer, clipNorm?: number] {
    return #clipNorm in optimizer ? [optimizer.inner, optimizer.#clipNorm] : [optimizer]
  }

  override applyGradients(gradients: Gradients): void {
    tidy(() => this.inner.applyGradients(clip(gradients, this.#clipNorm)))
  }
}

function clip(gradients: Gradients, clipNorm: number): Gradients {
  const entries = entriesOf(gradients)
  let total: Tensor = scalar(0)
  for (const [, gradient] of entries) if (gradient) total = add(total, sum(square(gradient)))
  const factor = clipFactor(total, clipNorm)
  return entries.map(([name, gradient]) => ({
    name,
    tensor: (gradient && mul(gradient, factor)) as Tensor,
  }))
}
