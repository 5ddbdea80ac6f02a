import type { Optimizer, Tensor } from '@tensorflow/tfjs-core'

/** Gradients as `applyGradients` takes them: a list or a map by variable name. */
export type Gradients = Parameters<Optimizer['applyGradients']>[0]

/** Gradients by variable name, in their order, as a list; those that are missing are null. */
export function entriesOf(gradients: Gradients): [name: string, gradient: Tensor | null][] {
  return Array.isArray(gradients)
    ? gradients.map(({ name, tensor }) => [name, tensor])
    : Object.entries(gradients)
}
