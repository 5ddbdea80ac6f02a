import type { ModelWeight } from '../internal/model-weights.js'
import type { WeightValues } from '../internal/weight-values.js'

/** Throws unless a round holds values for each weight of a model, and for no others. */
export function checkSameWeights(
  weights: readonly ModelWeight[],
  values: Readonly<WeightValues>,
): void {
  const names = new Set(weights.map(({ name }) => name))
  const missing = weights.find(({ name }) => values[name] === undefined)
  const other = Object.keys(values).find((name) => !names.has(name))
  if (!missing && other === undefined) return
  const got = missing ? `a round without ${missing.name}` : `${other} beside them`
  throw new RangeError(
    `Cannot set the weights: expected a round of the model's ${weights.length} weights, got ${got}`,
  )
}
