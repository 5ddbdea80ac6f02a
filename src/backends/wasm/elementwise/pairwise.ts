import type { Elementwise } from '../code/elementwise-code.js'

const truth = true

export const square: Elementwise = { name: 'Square', of: ({ product }, x) => product(x, x) }

/** The first operand, repeated to the shape of both. */
export const repeated: Elementwise = { name: 'repeated', of: (_, x) => x }

export const addition = {
  name: 'Add',
  of: ({ sum }, a, b) => sum(a, b),
} as const satisfies Elementwise
export const subtraction = {
  name: 'Sub',
  of: ({ difference }, a, b) => difference(a, b),
} as const satisfies Elementwise
export const multiplication = {
  name: 'Multiply',
  of: ({ product }, a, b) => product(a, b),
} as const satisfies Elementwise

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
] as const satisfies readonly Elementwise[]
