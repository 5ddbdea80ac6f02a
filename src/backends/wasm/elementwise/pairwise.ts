import type { Pairwise } from '../code/elementwise-code.js'

const truth = true

/** 1 above 0, else 0; NaN stays NaN. */
export const step: Pairwise = {
  name: 'Step',
  of: ({ sum, where, product, between, number, isAbove }, x) =>
    sum(where(number(1), isAbove(x, number(0))), product(between(x, 0, 1), number(0))),
}

export const square: Pairwise = { name: 'Square', of: ({ product }, x) => product(x, x) }

/** The first operand, repeated to the shape of both. */
export const repeated: Pairwise = { name: 'repeated', of: (_, x) => x }

export const addition = {
  name: 'Add',
  of: ({ sum }, a, b) => sum(a, b),
} as const satisfies Pairwise
export const subtraction = {
  name: 'Sub',
  of: ({ difference }, a, b) => difference(a, b),
} as const satisfies Pairwise
export const multiplication = {
  name: 'Multiply',
  of: ({ product }, a, b) => product(a, b),
} as const satisfies Pairwise

/** The kernels of tfjs that take two operands value by value. */
export const pairwise = [
  addition,
  subtraction,
  multiplication,
  { name: 'RealDiv', of: ({ quotient }, a, b) => quotient(a, b) },
  { name: 'Minimum', of: ({ least }, a, b) => least(a, b) },
  { name: 'Maximum', of: ({ larger }, a, b) => [...a, ...b, ...larger] },
  { name: 'Greater', truth, of: ({ isAbove }, a, b) => isAbove(a, b) },
  { name: 'GreaterEqual', truth, of: ({ isAtLeast }, a, b) => isAtLeast(a, b) },
  { name: 'Less', truth, of: ({ isAbove }, a, b) => isAbove(b, a) },
  { name: 'LessEqual', truth, of: ({ isAtLeast }, a, b) => isAtLeast(b, a) },
] as const satisfies readonly Pairwise[]
