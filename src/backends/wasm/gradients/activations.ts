import { scalar, type Tensor } from '@tensorflow/tfjs-core'
import type { Elementwise } from '../code/elementwise-code.js'
import * as slopes from '../elementwise/slopes.js'
import type { BetterGradient } from './replace-gradient.js'
import { slope } from './slope.js'

/** The gradient of an activation; numbers among its attributes are operands too. */
const ofActivation =
  (operation: Elementwise, ...numbers: readonly string[]): BetterGradient =>
  (dy, saved, attrs) => {
    const given = numbers.map((name) => scalar(attrs[name] as number, 'float32'))
    const x = slope(operation, [dy, saved[0]!, ...given])
    return x && { x }
  }

/** The gradients of the smaller and the larger of two, where `a` counts if both are one. */
const ofChoice =
  (operandsOf: (a: Tensor, b: Tensor) => [Tensor, Tensor]): BetterGradient =>
  (dy, saved) => {
    const [a, b] = saved as [Tensor, Tensor]
    const ofA = slope(slopes.slopeAtLeast, [dy, ...operandsOf(a, b)])
    const ofB = slope(slopes.slopeAbove, [dy, ...operandsOf(b, a)])
    return ofA && ofB && { a: ofA, b: ofB }
  }

/** Gradients of activations and of what tfjs composes them of, each as one kernel. */
export const activationGradients = {
  ClipByValue: ofActivation(slopes.clipSlope, 'clipValueMin', 'clipValueMax'),
  LeakyRelu: ofActivation(slopes.leakySlope, 'alpha'),
  Maximum: ofChoice((a, b) => [a, b]),
  Minimum: ofChoice((a, b) => [b, a]),
  Relu: ofActivation(slopes.reluSlope),
  Relu6: ofActivation(slopes.relu6Slope),
} satisfies Record<string, BetterGradient>
