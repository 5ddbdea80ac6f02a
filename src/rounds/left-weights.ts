import type { ModelWeight } from '../internal/model-weights.js'

// A variable has other data after each assignment, so that weights of a new start are not here.
const left = new WeakSet<object>()

/** Remembers that a run left a model with these weights, which it has trained. */
export function markLeft(weights: readonly ModelWeight[]): void {
  for (const { variable } of weights) left.add(variable.dataId)
}

/** Whether a model has the very weights that a run has left it with. */
export const areLeft = (weights: readonly ModelWeight[]): boolean =>
  weights.every(({ variable }) => left.has(variable.dataId))
