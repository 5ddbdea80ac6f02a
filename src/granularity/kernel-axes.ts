import { classNameOf } from '../internal/layer-class.js'
import type { ModelWeight } from '../internal/model-weights.js'
import type { GrainedWeight } from './granularity.js'

/** Gates that recurrent layers keep side by side on the last axis of their kernels and biases. */
const GATES: Readonly<Record<string, number>> = {
  GRU: 3,
  GRUCell: 3,
  LSTM: 4,
  LSTMCell: 4,
  ConvLSTM2D: 4,
  ConvLSTM2DCell: 4,
}

/** Number of gates of a recurrent layer's weight; 1 for all others. */
export function gatesOf({ className, role }: GrainedWeight): number {
  return /^(kernel|recurrent_kernel|bias)(_\d+)?$/.test(role) ? (GATES[className] ?? 1) : 1
}

/**
 * Whether the weight is a kernel [height, width, channels, multiplier] whose outputs see one
 * channel each.
 */
export function isDepthwise({ role, shape }: GrainedWeight): boolean {
  return role.startsWith('depthwise_kernel') && shape.length === 4
}

/** Axes whose places are the output units. */
export function unitAxes(weight: GrainedWeight): number[] {
  const last = weight.shape.length - 1
  if (isDepthwise(weight)) return [last - 1, last]
  return isTransposed(weight) ? [last - 1] : [last]
}

/** {@link unitAxes} of a weight in a model. */
export function unitAxesOf({ owner, ...weight }: ModelWeight): number[] {
  return unitAxes({ ...weight, className: classNameOf(owner) })
}

/** Axis whose places are the input channels, for a weight of rank 2 or more. */
export function channelAxis(weight: GrainedWeight): number {
  return weight.shape.length - (isTransposed(weight) ? 1 : 2)
}

/** Kernels of transposed convolutions are [..., filters, channels]. */
function isTransposed({ className, shape }: GrainedWeight): boolean {
  return /^Conv[23]DTranspose$/.test(className) && shape.length > 1
}

/** Throws a RangeError unless the weight has two axes or more. */
export function checkRank({ name, shape }: GrainedWeight, what: string): void {
  if (shape.length >= 2) return
  throw new RangeError(
    `Cannot group ${name} by ${what}: expected a shape of 2 axes or more, got [${shape.join(', ')}]`,
  )
}
