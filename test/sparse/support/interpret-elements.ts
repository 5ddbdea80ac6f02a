import type { Activate } from '../../../src/sparse/network/network.js'

type Formula = (x: number, parameters: Readonly<Record<string, number>>) => number

/** All names that an elementwise function may have, with their parameters. */
const formulas: Readonly<Record<string, Formula>> = {
  linear: (x) => x,
  /** ReLU and its kin: `least` is 0 there, `most` may be Infinity. */
  cut: (x, { least, most }) => Math.min(Math.max(x, least!), most!),
  leakyRelu: (x, { alpha }) => (x >= 0 ? x : x * alpha!),
  thresholdedRelu: (x, { theta }) => (x > theta! ? x : 0),
  elu: (x, { alpha }) => (x > 0 ? x : alpha! * Math.expm1(x)),
  selu: (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x)),
  sigmoid,
  hardSigmoid: (x) => Math.min(Math.max(0.2 * x + 0.5, 0), 1),
  softplus,
  softsign: (x) => x / (1 + Math.abs(x)),
  tanh: Math.tanh,
  /** `beta` is 1 in Keras. */
  swish: (x, { beta }) => x * sigmoid(x * beta!),
  mish: (x) => x * Math.tanh(softplus(x)),
  gelu: (x) => 0.5 * x * (1 + errorFunction(x / Math.SQRT2)),
  geluByTanh: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
}

/** The elementwise function of an operation. */
export function activation({ name, parameters }: Activate): (x: number) => number {
  const formula = formulas[name]
  if (!formula) throw new Error(`no formula for ${name}`)
  return (x) => formula(x, parameters)
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x))
}

function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))
}

/** By the series of its definition, below 6; 1 beyond. */
function errorFunction(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x)
  let [term, total] = [x, x]
  for (let n = 1; n < 200; n++) {
    term *= -(x * x) / n
    total += term / (2 * n + 1)
  }
  return (2 / Math.sqrt(Math.PI)) * total
}

export function softmaxRow(row: readonly number[], log: boolean): number[] {
  const largest = Math.max(...row)
  const shifted = row.map((x) => x - largest)
  const total = shifted.reduce((all, x) => all + Math.exp(x), 0)
  return shifted.map((x) => (log ? x - Math.log(total) : Math.exp(x) / total))
}
