import { elementwise, SELU_ALPHA, SELU_SCALE } from '../../network/elementwise.js'
import type { Activate } from '../../network/network.js'
import { NotTrainable } from '../gradients/not-trainable.js'

type Slope = (x: number) => number

const sigmoid = elementwise({ kind: 'activate', name: 'sigmoid', parameters: {} })

/** Derivatives by the name of the function. */
const makers: Readonly<Record<string, (parameters: Activate['parameters']) => Slope>> = {
  linear: () => () => 1,
  leakyRelu:
    ({ alpha = 0.3 }) =>
    (x) =>
      x > 0 ? 1 : alpha,
  elu:
    ({ alpha = 1 }) =>
    (x) =>
      x > 0 ? 1 : alpha * Math.exp(x),
  selu: () => (x) => (x > 0 ? SELU_SCALE : SELU_SCALE * SELU_ALPHA * Math.exp(x)),
  sigmoid: () => (x) => {
    const y = sigmoid(x)
    return y * (1 - y)
  },
  hardSigmoid: () => (x) => (x > -2.5 && x < 2.5 ? 0.2 : 0),
  softplus: () => sigmoid,
  softsign: () => (x) => 1 / (1 + Math.abs(x)) ** 2,
  tanh: () => (x) => 1 - Math.tanh(x) ** 2,
  swish:
    ({ beta = 1 }) =>
    (x) => {
      const y = sigmoid(beta * x)
      return y + beta * x * y * (1 - y)
    },
}

/** The derivative of an elementwise function at its input. */
export function derivative({ name, parameters }: Activate): Slope {
  const make = Object.hasOwn(makers, name) ? makers[name] : undefined
  if (make) return make(parameters)
  throw new NotTrainable(`the activation ${name} has no gradient here`)
}
