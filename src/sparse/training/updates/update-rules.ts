import type { UpdateName } from '../kernels/update-code.js'

/** Changes weights by their gradients, element by element, as an optimizer of tfjs does. */
export interface UpdateRule {
  /** The name of the kernel. */
  readonly name: UpdateName
  /** Names of the slots of each weight, as tfjs orders and names them. */
  readonly slots: readonly string[]
  /** The settings of a step at a rate, as the kernel orders them; `step` counts from 1. */
  readonly settings: (at: { rate: number; step: number }) => readonly number[]
}

/** w -= r g */
export const sgd: UpdateRule = { name: 'sgd', slots: [], settings: ({ rate }) => [rate] }

/** v = m v + g; w -= r v, or r (g + m v) by Nesterov. */
export function momentum(m: number, nesterov: boolean): UpdateRule {
  return {
    name: nesterov ? 'nesterov' : 'momentum',
    slots: ['momentum'],
    settings: ({ rate }) => [rate, m],
  }
}

/**
 * m = b m + (1 - b) g; v = c v + (1 - c) g^2; w -= r m' / (sqrt(v') + e), where m' and v' are m and
 * v over 1 - b^step and 1 - c^step.
 *
 * @see Kingma and Ba 2015, Adam, algorithm 1.
 */
export function adam(beta1: number, beta2: number, epsilon: number): UpdateRule {
  return {
    name: 'adam',
    slots: ['m', 'v'],
    settings: ({ rate, step }) => [
      ...[rate / (1 - beta1 ** step), beta1, 1 - beta1],
      ...[beta2, 1 - beta2, 1 / (1 - beta2 ** step), epsilon],
    ],
  }
}

export interface RmsPropOptions {
  readonly decay: number
  readonly momentum: number
  readonly epsilon: number
}

/** s = d s + (1 - d) g^2; v = m v + r g / sqrt(s + e); w -= v */
export function rmsProp({ decay, momentum, epsilon }: RmsPropOptions): UpdateRule {
  return {
    name: 'rmsProp',
    slots: ['rms', 'momentum'],
    settings: ({ rate }) => [rate, decay, 1 - decay, momentum, epsilon],
  }
}
