import {
  keep,
  mul,
  type Optimizer,
  sub,
  type Tensor,
  tensor,
  tidy,
  zerosLike,
} from '@tensorflow/tfjs-core'
import { entriesOf, type Gradients } from '../internal/gradients.js'
import { OptimizerWrapper } from '../internal/optimizer-wrapper.js'
import type { MovementSums, NamedVariable } from '../types.js'

/** Starts sums at 0 for the weights of these names. */
export function movementSums(weights: readonly NamedVariable[]): MovementSums {
  const sums = new Map(
    weights.map((weight) => [
      weight.variable.name,
      { weight, sum: keep(zerosLike(weight.variable)) as Tensor },
    ]),
  )
  const add = (name: string, gradient: Tensor | null) => {
    const entry = sums.get(name)
    if (!entry || !gradient) return
    const before = entry.sum
    entry.sum = keep(tidy(() => sub(before, mul(entry.weight.variable, gradient))))
    before.dispose()
  }
  return {
    watch: (optimizer) => new WatchedOptimizer(optimizer, add),
    read: async () => {
      const values: Record<string, Float32Array> = {}
      for (const { weight, sum } of sums.values())
        values[weight.name] = (await sum.data()).slice() as Float32Array
      return values
    },
    restore: (values) => {
      for (const entry of sums.values()) {
        const { weight, sum } = entry
        entry.sum = keep(tensor(Float32Array.from(values[weight.name]!), weight.variable.shape))
        sum.dispose()
      }
    },
    dispose: () => {
      for (const { sum } of sums.values()) sum.dispose()
    },
  }
}

class WatchedOptimizer extends OptimizerWrapper {
  readonly #see: (name: string, gradient: Tensor | null) => void

  constructor(inner: Optimizer, see: (name: string, gradient: Tensor | null) => void) {
    super(inner)
    this.#see = see
  }

  override applyGradients(gradients: Gradients): void {
    for (const [name, gradient] of entriesOf(gradients)) this.#see(name, gradient)
    this.inner.applyGradients(gradients)
  }
}
