import type { Code } from '../../../internal/assembler.js'
import { get } from '../../../internal/instructions.js'
import { type Arithmetic, assign, polynomial } from './arithmetic.js'

/**
 * An activation of recurrent cells. What is kept of it for the gradient is `kept`, from which its
 * value and its slope follow; x and kept are locals, and the scratch is two more of the lanes.
 */
export interface Curve {
  /** x = kept(x) */
  readonly keep: (lanes: Arithmetic, x: number, scratch: number) => Code
  readonly value: (lanes: Arithmetic, kept: number) => Code
  readonly slope: (lanes: Arithmetic, kept: number) => Code
  /** The same in JavaScript, to recognise the function of a layer by. */
  readonly of: (x: number) => number
}

/** Activations that the fused cells know, by their names in tfjs. */
export type CurveName = 'tanh' | 'sigmoid' | 'hardSigmoid' | 'relu' | 'linear'

// exp(x) = 2^n exp(r), with |r| <= ln 2 / 2. Of ln 2, the first part has few bits, so that n times
// it is exact.
const LN2_HIGH = 355 / 512
const LN2_LOW = Math.LN2 - LN2_HIGH
// exp(r) - 1 over r by its series; the first term left out is below half a unit of the last place.
const SERIES = [1, 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040]
/** Beyond it the curves are flat in float32, and the power of 2 would overflow. */
const FLAT = 87

/** scratch = 2^n, scratch + 1 = exp(r) - 1; x is lost. */
function exponential(lanes: Arithmetic, x: number, scratch: number): Code {
  const { between, product, difference, number, nearest, powerOfTwo } = lanes
  const n = get(scratch)
  const without = (part: number) => difference(get(x), product(n, number(part)))
  return [
    ...assign(x, between(get(x), -FLAT, FLAT)),
    ...assign(scratch, nearest(product(get(x), number(Math.LOG2E)))),
    ...assign(x, without(LN2_HIGH)),
    ...assign(x, without(LN2_LOW)),
    ...assign(scratch + 1, product(polynomial(lanes, x, SERIES), get(x))),
    ...assign(scratch, powerOfTwo(n)),
  ]
}

const itself: Curve['value'] = (_, kept) => get(kept)
const sigmoidOf = (x: number) => 1 / (1 + Math.exp(-x))

const tanh: Curve = {
  // e / (e + 2) with e = exp(2 x) - 1, which keeps all digits near 0
  keep: (lanes, x, scratch) => {
    const { sum, difference, product, quotient, number } = lanes
    const [power, rest] = [get(scratch), get(scratch + 1)]
    return [
      ...assign(x, sum(get(x), get(x))),
      ...exponential(lanes, x, scratch),
      ...assign(x, sum(product(power, rest), difference(power, number(1)))),
      ...assign(x, quotient(get(x), sum(get(x), number(2)))),
    ]
  },
  value: itself,
  slope: ({ difference, product, number }, kept) =>
    difference(number(1), product(get(kept), get(kept))),
  of: Math.tanh,
}

const sigmoid: Curve = {
  keep: (lanes, x, scratch) => {
    const { sum, product, quotient, number } = lanes
    const power = get(scratch)
    return [
      ...exponential(lanes, x, scratch),
      ...assign(x, sum(product(power, get(scratch + 1)), power)),
      ...assign(x, quotient(get(x), sum(get(x), number(1)))),
    ]
  },
  value: itself,
  slope: ({ difference, product }, kept) => difference(get(kept), product(get(kept), get(kept))),
  of: sigmoidOf,
}

const hardSigmoid: Curve = {
  // As it is before it is cut off, because tfjs counts both ends to the slope.
  keep: ({ sum, product, number }, x) => assign(x, sum(product(get(x), number(0.2)), number(0.5))),
  value: ({ between }, kept) => between(get(kept), 0, 1),
  slope: ({ where, both, isAtLeast, number }, kept) =>
    where(number(0.2), both(isAtLeast(get(kept), number(0)), isAtLeast(number(1), get(kept)))),
  of: (x) => Math.min(Math.max(0.5 + 0.2 * x, 0), 1),
}

const relu: Curve = {
  keep: ({ number, larger }, x) => assign(x, [...get(x), ...number(0), ...larger]),
  value: itself,
  slope: ({ where, isAbove, number }, kept) => where(number(1), isAbove(get(kept), number(0))),
  of: (x) => Math.max(x, 0),
}

const linear: Curve = {
  keep: () => [],
  value: itself,
  slope: ({ number }) => number(1),
  of: (x) => x,
}

export const curves: Readonly<Record<CurveName, Curve>> = {
  tanh,
  sigmoid,
  hardSigmoid,
  relu,
  linear,
}
