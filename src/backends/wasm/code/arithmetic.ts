import type { Code } from '../../../internal/assembler.js'
import { constant, get, set } from '../../../internal/instructions.js'
import { and, four, type Lanes, one, simd } from '../../../internal/lanes.js'

/** Lanes with the arithmetic of activations and their derivatives, written as expressions. */
export interface Arithmetic extends Lanes {
  readonly sum: (a: Code, b: Code) => Code
  readonly difference: (a: Code, b: Code) => Code
  readonly product: (a: Code, b: Code) => Code
  readonly quotient: (a: Code, b: Code) => Code
  /** The smaller of two, NaN where one is. */
  readonly least: (a: Code, b: Code) => Code
  /** The first where it is between the others, else the nearer of them. NaN stays NaN. */
  readonly between: (value: Code, least: number, most: number) => Code
  readonly nearest: (value: Code) => Code
  /** 2 to the power of a whole number. */
  readonly powerOfTwo: (exponent: Code) => Code
  /** Masks of a > b and of a >= b. */
  readonly isAbove: (a: Code, b: Code) => Code
  readonly isAtLeast: (a: Code, b: Code) => Code
  /** Where both masks are set. */
  readonly both: (a: Code, b: Code) => Code
  /** The first where the mask is set, else the second. */
  readonly either: (a: Code, b: Code, mask: Code) => Code
}

const applied =
  (operation: Code) =>
  (a: Code, b: Code): Code => [...a, ...b, ...operation]

interface Operations {
  readonly number: Lanes['number']
  readonly subtract: Code
  readonly divide: Code
  readonly smaller: Code
  readonly nearest: Code
  readonly above: Code
  readonly atLeast: Code
  readonly and: Code
  readonly select: Code
  /** From a float to an integer, one more integer in every lane, the sum of two, the bits' float. */
  readonly toInteger: Code
  readonly fillInteger: Code
  readonly addIntegers: Code
  readonly shift: Code
  readonly asFloat: Code
}

function arithmetic(lanes: Lanes, operations: Operations): Arithmetic {
  const { number, smaller, nearest, toInteger, fillInteger, addIntegers, shift, asFloat } =
    operations
  const bias: Code = [...constant(127), ...fillInteger] // of the exponent of a float
  return {
    ...lanes,
    number,
    sum: applied(lanes.add),
    difference: applied(operations.subtract),
    product: applied(lanes.multiply),
    quotient: applied(operations.divide),
    least: applied(smaller),
    between: (value, least, most) => [
      ...[...value, ...number(least), ...lanes.larger],
      ...[...number(most), ...smaller],
    ],
    nearest: (value) => [...value, ...nearest],
    powerOfTwo: (exponent) => [
      ...[...exponent, ...toInteger, ...bias, ...addIntegers],
      ...[...constant(23), ...shift, ...asFloat],
    ],
    isAbove: applied(operations.above),
    isAtLeast: applied(operations.atLeast),
    both: applied(operations.and),
    either: (a, b, mask) => [...a, ...b, ...mask, ...operations.select],
  }
}

const bytesOf = (value: number): Code => [...new Uint8Array(new Float32Array([value]).buffer)]

/** For 4 floats at once, and for one. */
export const arithmetics: readonly Arithmetic[] = [
  arithmetic(four, {
    number: (value) => simd(0x0c, ...[0, 1, 2, 3].flatMap(() => bytesOf(value))),
    subtract: simd(0xe5),
    divide: simd(0xe7),
    smaller: simd(0xe8),
    nearest: simd(0x6a),
    above: simd(0x44),
    atLeast: simd(0x46),
    and,
    select: simd(0x52),
    toInteger: simd(0xf8),
    fillInteger: simd(0x11),
    addIntegers: simd(0xae),
    shift: simd(0xab),
    asFloat: [],
  }),
  arithmetic(one, {
    number: one.number,
    subtract: [0x93],
    divide: [0x95],
    smaller: [0x96],
    nearest: [0x90],
    above: [0x5e],
    atLeast: [0x60],
    and: [0x71],
    select: [0x1b],
    toInteger: [0xfc, 0],
    fillInteger: [],
    addIntegers: [0x6a],
    shift: [0x74],
    asFloat: [0xbe],
  }),
]

/** local = value */
export const assign = (local: number, value: Code): Code => [...value, ...set(local)]

/** sum of coefficients[i] * x^i */
export function polynomial(
  { number, sum, product }: Arithmetic,
  x: number,
  coefficients: readonly number[],
): Code {
  return coefficients.reduceRight<Code>(
    (rest, coefficient) =>
      rest.length === 0 ? number(coefficient) : sum(product(rest, get(x)), number(coefficient)),
    [],
  )
}
