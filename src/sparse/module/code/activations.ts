import type { Code } from '../../../internal/assembler.js'
import { get, set } from '../../../internal/instructions.js'
import { SELU_ALPHA, SELU_SCALE } from '../../network/elementwise.js'
import type { Activate } from '../../network/network.js'
import {
  above,
  atLeast,
  atMost,
  choose,
  type Expression,
  exponential,
  exponentialMinus1,
  hyperbolicTangent,
  larger,
  logarithmPlus1,
  logistic,
  magnitude,
  minus,
  negative,
  number,
  over,
  plus,
  smaller,
  times,
  withSign,
} from './doubles.js'

type Parameters = Activate['parameters']

const isAbove = (x: number, bound: number): Code => [...get(x), ...number(bound), ...above]
const scaled = (code: Code, factor: number): Code => [...code, ...number(factor), ...times]

const clipped = (code: Code, least: number, most: number): Code => [
  ...[...code, ...number(least), ...larger, ...number(most), ...smaller],
]

/** max(x, 0) + ln(1 + e^-|x|) */
const softplus: Expression = (x, keep) => {
  const [size, power] = [keep(), keep()]
  return [
    ...[...get(x), ...magnitude, ...negative, ...set(size)],
    ...[...exponential(size, keep), ...set(power)],
    ...[...get(x), ...number(0), ...larger, ...logarithmPlus1(power, keep), ...plus],
  ]
}

/** As `errorFunction` of network/elementwise.ts: Abramowitz and Stegun 7.1.26. */
const errorFunction: Expression = (x, keep) => {
  const [t, square, power] = [keep(), keep(), keep()]
  const [first, ...others] = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592]
  return [
    ...[...number(1), ...scaled([...get(x), ...magnitude], 0.3275911), ...number(1), ...plus],
    ...[...over, ...set(t), ...get(x), ...get(x), ...times, ...negative, ...set(square)],
    ...[...exponential(square, keep), ...set(power), ...number(1), ...number(first!)],
    ...others.flatMap((one) => [...get(t), ...times, ...number(one), ...plus]),
    ...[...get(t), ...times, ...get(power), ...times, ...minus, ...get(x), ...withSign],
  ]
}

const SQRT_2_PI = Math.sqrt(2 / Math.PI)

/** One expression for each name that an elementwise operation may have: those of elementwise.ts. */
const makers: Readonly<Record<string, (parameters: Parameters) => Expression>> = {
  linear: () => get,
  cut:
    ({ least = -Infinity, most = Infinity }) =>
    (x) =>
      clipped(get(x), least, most),
  leakyRelu:
    ({ alpha = 0.3 }) =>
    (x) =>
      choose(get(x), scaled(get(x), alpha), [...get(x), ...number(0), ...atLeast]),
  thresholdedRelu:
    ({ theta = 1 }) =>
    (x) =>
      choose(number(0), get(x), [...get(x), ...number(theta), ...atMost]),
  elu:
    ({ alpha = 1 }) =>
    (x, keep) =>
      choose(get(x), scaled(exponentialMinus1(x, keep), alpha), isAbove(x, 0)),
  selu: () => (x, keep) => {
    const negativePart = scaled(exponentialMinus1(x, keep), SELU_SCALE * SELU_ALPHA)
    return choose(scaled(get(x), SELU_SCALE), negativePart, isAbove(x, 0))
  },
  sigmoid: () => logistic,
  hardSigmoid: () => (x) => clipped([...scaled(get(x), 0.2), ...number(0.5), ...plus], 0, 1),
  softplus: () => softplus,
  softsign: () => (x) => [...get(x), ...number(1), ...get(x), ...magnitude, ...plus, ...over],
  tanh: () => hyperbolicTangent,
  swish:
    ({ beta = 1 }) =>
    (x, keep) => {
      const inner = keep()
      return [
        ...[...scaled(get(x), beta), ...set(inner)],
        ...[...get(x), ...logistic(inner, keep), ...times],
      ]
    },
  mish: () => (x, keep) => {
    const inner = keep()
    return [
      ...[...softplus(x, keep), ...set(inner)],
      ...[...get(x), ...hyperbolicTangent(inner, keep), ...times],
    ]
  },
  gelu: () => (x, keep) => {
    const inner = keep()
    return [
      ...[...scaled(get(x), Math.SQRT1_2), ...set(inner), ...scaled(get(x), 0.5)],
      ...[...number(1), ...errorFunction(inner, keep), ...plus, ...times],
    ]
  },
  geluByTanh: () => (x, keep) => {
    const inner = keep()
    const cube = [...get(x), ...get(x), ...times, ...get(x), ...times]
    return [
      ...[...scaled([...get(x), ...scaled(cube, 0.044715), ...plus], SQRT_2_PI), ...set(inner)],
      ...[...scaled(get(x), 0.5), ...number(1), ...hyperbolicTangent(inner, keep)],
      ...[...plus, ...times],
    ]
  },
}

/** The expression of an elementwise operation. */
export function expressionOf({ name, parameters }: Activate): Expression {
  const make = Object.hasOwn(makers, name) ? makers[name] : undefined
  if (make) return make(parameters)
  const known = Object.keys(makers).join(', ')
  throw new RangeError(`Cannot write a module: expected one of ${known}, got ${name}`)
}
