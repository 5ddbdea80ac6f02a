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

/** Steps that show whether weights stay pruned: many with adam, fewer with the others, for time. */
export const stepsOf = (kind: string): number => (kind === 'adam' ? 1000 : 200)

/** Those that move a weight whose gradient is 0, from slots that are not. */
export const withMemory = [
  'momentum',
  'nesterov momentum',
  'adam',
  'adamax',
  'rmsprop',
  'centered rmsprop',
] as const
