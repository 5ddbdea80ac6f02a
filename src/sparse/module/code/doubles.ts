import { type Code, signed, unsigned } from '../../../internal/assembler.js'
import { get, set } from '../../../internal/instructions.js'

/** Value type. */
export const f64 = 0x7c

/** Doubles that an expression keeps: each call gives the number of another local. */
export type Keep = () => number

/** Code that leaves a double, from one that is kept. */
export type Expression = (x: number, keep: Keep) => Code

export const number = (value: number): Code => [
  0x44,
  ...new Uint8Array(new Float64Array([value]).buffer), // little-endian, as all hosts of today are
]
export const plus: Code = [0xa0]
export const minus: Code = [0xa1]
export const times: Code = [0xa2]
export const over: Code = [0xa3]
export const smaller: Code = [0xa4]
export const larger: Code = [0xa5]
export const magnitude: Code = [0x99]
export const negative: Code = [0x9a]
export const nearest: Code = [0x9e]
export const root: Code = [0x9f]
/** The first of two with the sign of the second. */
export const withSign: Code = [0xa6]
export const above: Code = [0x64]
export const atMost: Code = [0x65]
export const atLeast: Code = [0x66]
/** a where the condition is not 0, else b; both are worked out. */
export const choose = (a: Code, b: Code, condition: Code): Code => [...a, ...b, ...condition, 0x1b]

/** Loads a float as a double; stores a double as a float. Addresses lie below. */
export const load: Code = [0x2a, 2, 0, 0xbb]
export const store: Code = [0xb6, 0x38, 2, 0]

const bits: Code = [0xbd]
const ofBits: Code = [0xbf]
const whole = (value: bigint): Code => [0x42, ...signed64(value)]
const truncated: Code = [0xfc, ...unsigned(6)]
const wholePlus: Code = [0x7c]
const wholeMinus: Code = [0x7d]
const wholeAnd: Code = [0x83]
const wholeOr: Code = [0x84]
const shiftLeft: Code = [0x86]
const shiftRight: Code = [0x88]
const toDouble: Code = [0xb9]

/** LEB128 of 64 bits. */
function signed64(value: bigint): Code {
  if (value >= -(2n ** 31n) && value < 2n ** 31n) return signed(Number(value))
  const low = Number(value & 127n) | 128
  return [low, ...signed64(value >> 7n)]
}

/** c[0] + c[1] x + c[2] x^2 + ... */
const polynomial = (x: number, coefficients: readonly number[]): Code => {
  const [last, ...others] = [...coefficients].reverse() as [number, ...number[]]
  return [
    ...number(last),
    ...others.flatMap((one) => [...get(x), ...times, ...number(one), ...plus]),
  ]
}

// ln 2 as a double with trailing zeros, so that its multiples are exact, and the rest.
const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10
/** Largest argument whose power of 2 is a normal number. */
const MOST = 709.4
const factorials = [1]
for (let n = 1; n <= 12; n++) factorials.push(factorials.at(-1)! * n)

/**
 * e^x = 2^k e^r with k = round(x / ln 2), so that |r| <= ln 2 / 2, and e^r by its series: 2e-16 off
 * at most. Below -708 it is 3e-308, above 709.4 it is 1e308: as floats 0 and infinity.
 */
export const exponential: Expression = (x, keep) => {
  const [clamped, k, r] = [keep(), keep(), keep()]
  return [
    ...[...get(x), ...number(-708), ...larger, ...number(MOST), ...smaller, ...set(clamped)],
    ...[...get(clamped), ...number(Math.LOG2E), ...times, ...nearest, ...set(k)],
    ...[...get(clamped), ...get(k), ...number(LN2_HIGH), ...times, ...minus],
    ...[...get(k), ...number(LN2_LOW), ...times, ...minus, ...set(r)],
    ...polynomial(
      r,
      factorials.map((factorial) => 1 / factorial),
    ),
    ...[...get(k), ...truncated, ...whole(1023n), ...wholePlus, ...whole(52n), ...shiftLeft],
    ...[...ofBits, ...times],
  ]
}

const MANTISSA = 2n ** 52n - 1n
const terms = Array.from({ length: 11 }, (_, n) => 2 / (2 * n + 1))

/**
 * ln x of a normal number above 0: x = 2^e m with m from sqrt(1/2) to sqrt(2), and
 * ln m = 2 (s + s^3 / 3 + s^5 / 5 + ...) with s = (m - 1) / (m + 1). NaN stays NaN.
 */
export const logarithm: Expression = (x, keep) => {
  const [m, e, s, square] = [keep(), keep(), keep(), keep()]
  const isLarge = [...get(m), ...number(Math.SQRT2), ...above]
  return [
    ...[...get(x), ...bits, ...whole(52n), ...shiftRight, ...whole(1023n), ...wholeMinus],
    ...[...toDouble, ...set(e)],
    ...[...get(x), ...bits, ...whole(MANTISSA), ...wholeAnd, ...whole(1023n << 52n), ...wholeOr],
    ...[...ofBits, ...set(m)],
    ...choose([...get(e), ...number(1), ...plus], get(e), isLarge),
    ...set(e),
    ...choose([...get(m), ...number(0.5), ...times], get(m), isLarge),
    ...set(m),
    ...[...get(m), ...number(1), ...minus, ...get(m), ...number(1), ...plus, ...over, ...set(s)],
    ...[...get(s), ...get(s), ...times, ...set(square)],
    ...[...polynomial(square, terms), ...get(s), ...times],
    ...[...get(e), ...number(Math.LN2), ...times, ...plus],
    // 0, or NaN for a number that is not finite
    ...[...get(x), ...get(x), ...minus, ...plus],
  ]
}

/** Below it the first terms of a series are exact to 1e-10 of the value. */
const SMALL = 1e-5

/** e^x - 1, also where x is near 0. */
export const exponentialMinus1: Expression = (x, keep) =>
  choose(
    // x (1 + x / 2), so that -0 stays -0
    [...get(x), ...number(1), ...get(x), ...number(0.5), ...times, ...plus, ...times],
    [...exponential(x, keep), ...number(1), ...minus],
    [...get(x), ...magnitude, ...number(SMALL), ...atMost],
  )

/** ln(1 + x) for x from 0 on. */
export const logarithmPlus1: Expression = (x, keep) => {
  const sum = keep()
  return [
    ...[...get(x), ...number(1), ...plus, ...set(sum)],
    ...choose(
      [...get(x), ...get(x), ...get(x), ...times, ...number(0.5), ...times, ...minus],
      logarithm(sum, keep),
      [...get(x), ...number(SMALL), ...atMost],
    ),
  ]
}

/** tanh x = sign(x) (1 - 2 / (e^2|x| + 1)) */
export const hyperbolicTangent: Expression = (x, keep) => {
  const double = keep()
  return [
    ...[...get(x), ...magnitude, ...number(2), ...times, ...set(double)],
    ...choose(
      get(x),
      [
        ...[...number(1), ...number(2), ...exponential(double, keep), ...number(1), ...plus],
        ...[...over, ...minus, ...get(x), ...withSign],
      ],
      [...get(double), ...number(SMALL), ...atMost],
    ),
  ]
}

/** 1 / (1 + e^-x), by e^-|x|, which never overflows. */
export const logistic: Expression = (x, keep) => {
  const [size, power] = [keep(), keep()]
  return [
    ...[...get(x), ...magnitude, ...negative, ...set(size)],
    ...[...exponential(size, keep), ...set(power)],
    ...choose(number(1), get(power), [...get(x), ...number(0), ...atLeast]),
    ...[...number(1), ...get(power), ...plus, ...over],
  ]
}
