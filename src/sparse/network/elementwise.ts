import { softplus } from '../../internal/softplus.js'
import type { Activate } from './network.js'

export type Elementwise = (x: number) => number

type Parameters = Activate['parameters']

/** One function for each name that an elementwise operation may have. */
const makers: Readonly<Record<string, (parameters: Parameters) => Elementwise>> = {
  linear: () => (x) => x,
  cut:
    ({ least = -Infinity, most = Infinity }) =>
    (x) =>
      Math.min(Math.max(x, least), most),
  leakyRelu:
    ({ alpha = 0.3 }) =>
    (x) =>
      x >= 0 ? x : x * alpha,
  thresholdedRelu:
    ({ theta = 1 }) =>
    (x) =>
      x <= theta ? 0 : x, // NaN stays
  elu:
    ({ alpha = 1 }) =>
    (x) =>
      x > 0 ? x : alpha * Math.expm1(x),
  selu: () => (x) => (x > 0 ? SELU_SCALE * x : SELU_SCALE * SELU_ALPHA * Math.expm1(x)),
  sigmoid: () => sigmoid,
  hardSigmoid: () => (x) => Math.min(Math.max(0.2 * x + 0.5, 0), 1),
  softplus: () => softplus,
  softsign: () => (x) => x / (1 + Math.abs(x)),
  tanh: () => Math.tanh,
  swish:
    ({ beta = 1 }) =>
    (x) =>
      x * sigmoid(x * beta),
  mish: () => (x) => x * Math.tanh(softplus(x)),
  gelu: () => (x) => 0.5 * x * (1 + errorFunction(x * Math.SQRT1_2)),
  geluByTanh: () => (x) => 0.5 * x * (1 + Math.tanh(SQRT_2_PI * (x + 0.044715 * x * x * x))),
}

export const SELU_SCALE = 1.0507009873554805
export const SELU_ALPHA = 1.6732632423543772
const SQRT_2_PI = Math.sqrt(2 / Math.PI)

/** The function of an operation. */
export function elementwise({ name, parameters }: Activate): Elementwise {
  const make = Object.hasOwn(makers, name) ? makers[name] : undefined
  if (make) return make(parameters)
  const known = Object.keys(makers).join(', ')
  throw new RangeError(`Cannot compile an activation: expected one of ${known}, got ${name}`)
}

/** The exponential of a number above 0 alone would overflow. */
function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x))
  const power = Math.exp(x)
  return power / (1 + power)
}

/** By Abramowitz and Stegun 7.1.26, as tfjs has it: off by 1.5e-7 at most. */
function errorFunction(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x))
  const series =
    ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t
  return Math.sign(x) * (1 - series * Math.exp(-x * x))
}
