import type { Variable } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'

/** Weights that have other values for a while. */
const lent = new WeakSet<Variable>()

/** Does work while weights have other values than their own. */
export async function whileLent<T>(
  weights: readonly { readonly variable: Variable }[],
  work: () => Promise<T>,
): Promise<T> {
  for (const { variable } of weights) lent.add(variable)
  try {
    return await work()
  } finally {
    for (const { variable } of weights) lent.delete(variable)
  }
}

/**
 * Throws while weights of the model have other values than their own: a mask, a file or a measure of
 * them would be of another network, and values written to them would be lost.
 */
export function checkOwn(model: LayersModel, task: string): void {
  const other = model.weights.find((weight) => lent.has(weight.read() as Variable))
  if (!other) return
  throw new Error(
    `Cannot ${task}: expected the model's own weights, got those with which statistics are ` +
      `gathered in ${other.originalName}: await that call first`,
  )
}
