import { type Optimizer, train } from '@tensorflow/tfjs-core'

/** Every optimizer of tfjs, and the variants that keep further slots. */
export const optimizers: Readonly<Record<string, () => Optimizer>> = {
  sgd: () => train.sgd(0.05),
  momentum: () => train.momentum(0.02, 0.9),
  'nesterov momentum': () => train.momentum(0.02, 0.9, true),
  adagrad: () => train.adagrad(0.05),
  adadelta: () => train.adadelta(0.5),
  adam: () => train.adam(0.01),
  adamax: () => train.adamax(0.01),
  rmsprop: () => train.rmsprop(0.005, 0.9, 0.5),
  'centered rmsprop': () => train.rmsprop(0.005, 0.9, 0.5, 1e-7, true),
}

/** Those that move a weight whose gradient is 0, from slots that are not. */
export const withMemory = [
  'momentum',
  'nesterov momentum',
  'adam',
  'adamax',
  'rmsprop',
  'centered rmsprop',
] as const
