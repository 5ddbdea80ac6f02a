import type { Tensor, Variable } from '@tensorflow/tfjs-core'
import { entriesOf, type Gradients } from '../internal/gradients.js'
import { keepOnly } from '../internal/keep-only.js'

/** A variable with its mask, bool, 1 = kept. */
export interface HeldVariable {
  readonly variable: Variable
  readonly mask: Tensor
  /** Identity of the values after the last step. Another one: other code has written them. */
  settled?: object
}

/** Sets pruned weights to +0. */
export function clearPruned({ variable, mask }: HeldVariable): void {
  const next = keepOnly(variable, mask)
  variable.assign(next)
  next.dispose()
}

/** Gradients with 0 at pruned places, in the form in which they came. */
export function withoutPruned(
  gradients: Gradients,
  held: ReadonlyMap<string, HeldVariable>,
  overwrite: boolean,
): Gradients {
  const all = entriesOf(gradients).map(([, gradient]) => gradient)
  // One gradient may be that of several variables.
  const isAlone = (gradient: Tensor) => all.filter((other) => other === gradient).length === 1
  const masked = (name: string, gradient: Tensor) => {
    const entry = held.get(name)
    return entry && gradient
      ? keepOnly(gradient, entry.mask, { finite: true, overwrite: overwrite && isAlone(gradient) })
      : gradient
  }
  if (Array.isArray(gradients)) {
    return gradients.map(({ name, tensor: gradient }) => ({ name, tensor: masked(name, gradient) }))
  }
  const entries = Object.entries(gradients).map(([name, gradient]) => [
    name,
    masked(name, gradient),
  ])
  return Object.fromEntries(entries) as Gradients
}
