import type { Code } from '../../../internal/assembler.js'
import type { Arithmetic } from '../code/arithmetic.js'
import type { Elementwise } from '../code/elementwise-code.js'

/** A slope of 1 or 0 times dy: NaN and infinity times 0 are NaN, as in a product of tfjs. */
const gated =
  (mask: (lanes: Arithmetic, a: Code, b: Code) => Code): Elementwise['of'] =>
  (lanes, dy, a, b) =>
    lanes.product(dy!, lanes.where(lanes.number(1), mask(lanes, a!, b!)))

/** 1 above 0, else 0; NaN stays NaN. */
const stepOf = ({ sum, where, product, between, number, isAbove }: Arithmetic, x: Code): Code =>
  sum(where(number(1), isAbove(x, number(0))), product(between(x, 0, 1), number(0)))

export const step: Elementwise = { name: 'Step', of: (lanes, x) => stepOf(lanes, x!) }

/** The gradient of ReLU, of dy and x. */
export const reluSlope: Elementwise = {
  name: 'reluSlope',
  of: (lanes, dy, x) => lanes.product(dy!, stepOf(lanes, x!)),
}

/** That of ReLU6. */
export const relu6Slope: Elementwise = {
  name: 'relu6Slope',
  of: (lanes, dy, x) => {
    const { product, where, number, isAtLeast } = lanes
    const below = where(number(1), isAtLeast(number(6), x!))
    return product(dy!, product(below, stepOf(lanes, x!)))
  },
}

/** That of LeakyReLU, of dy, x and alpha. */
export const leakySlope: Elementwise = {
  name: 'leakySlope',
  of: ({ either, product, isAbove, number }, dy, x, alpha) =>
    either(dy!, product(dy!, alpha!), isAbove(x!, number(0))),
}

/** That of ClipByValue, of dy, x and the ends. */
export const clipSlope: Elementwise = {
  name: 'clipSlope',
  of: ({ where, both, isAtLeast }, dy, x, least, most) =>
    where(dy!, both(isAtLeast(x!, least!), isAtLeast(most!, x!))),
}

/** dy where a is above b, of dy, a and b. */
export const slopeAbove: Elementwise = {
  name: 'slopeAbove',
  of: gated(({ isAbove }, a, b) => isAbove(a, b)),
}

/** dy where a is b or above, of dy, a and b. */
export const slopeAtLeast: Elementwise = {
  name: 'slopeAtLeast',
  of: gated(({ isAtLeast }, a, b) => isAtLeast(a, b)),
}
