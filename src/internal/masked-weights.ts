import { engine, type Tensor } from '@tensorflow/tfjs-core'

// Masks and values are named by the identity of their data, which a write changes: tfjs never
// writes in place where somebody else may look.

/** By values of a weight: the mask at whose pruned places they are 0. */
const zeros = new WeakMap<object, object>()

/** By the tensor that stands on a tape: the mask that its gradient goes through. */
const masking = new WeakMap<Tensor, object>()

/** By tape: the masks that the gradients of variables go through there, and nowhere else. */
const holds = new WeakMap<object, ReadonlyMap<Tensor, object>>()

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

/**
 * Notes that the gradients of these variables are masked before anybody sees them, on the tape that
 * is in use. Not within another gradient, which goes on with those of all variables.
 */
export function noteHold(
  held: Iterable<{ readonly variable: Tensor; readonly mask: Tensor }>,
): void {
  const { activeTape, gradientDepth } = engine().state
  if (!activeTape || gradientDepth !== 1) return
  holds.set(activeTape, new Map([...held].map(({ variable, mask }) => [variable, mask.dataId])))
}

/** The mask that each gradient of this tensor on a tape goes through before anybody sees it. */
export const maskingOf = (weight: Tensor, tape: object): object | undefined =>
  holds.get(tape)?.get(weight) ?? masking.get(weight)
