import type { Tensor } from '@tensorflow/tfjs-core'

// Masks and values are named by the identity of their data, which a write changes: tfjs never
// writes in place where somebody else may look.

/** By values of a weight: the mask at whose pruned places they are 0. */
const zeros = new WeakMap<object, object>()

/** By the tensor that stands on the tape: the mask that its gradient goes through. */
const masking = new WeakMap<Tensor, object>()

/** Notes that these values are 0 at the pruned places of the mask. */
export function noteZeros(values: Tensor, mask: Tensor): void {
  zeros.set(values.dataId, mask.dataId)
}

/** The mask at whose pruned places the values with this identity are 0. */
export const zerosOf = (dataId: object): object | undefined => zeros.get(dataId)

/** Notes that each gradient of this tensor is masked before anybody sees it. */
export function noteMasking(weight: Tensor, mask: Tensor): void {
  masking.set(weight, mask.dataId)
}

/** The mask that each gradient of this tensor goes through before anybody sees it. */
export const maskingOf = (weight: Tensor): object | undefined => masking.get(weight)

/** Gradients of these variables are masked while `run` lasts, and no longer. */
export function whileMasking<T>(
  held: readonly { readonly variable: Tensor; readonly mask: Tensor }[],
  run: () => T,
): T {
  for (const { variable, mask } of held) noteMasking(variable, mask)
  try {
    return run()
  } finally {
    for (const { variable } of held) masking.delete(variable)
  }
}
