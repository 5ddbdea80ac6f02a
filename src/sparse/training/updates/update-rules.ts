/** Changes weights by their gradients, element by element, as an optimizer of tfjs does. */
export interface UpdateRule {
  /** Names of the slots of each weight, as tfjs orders and names them. */
  readonly slots: readonly string[]
  /** One step at a rate; `step` counts from 1. Slots are changed in place. */
  readonly update: (weight: WeightInHand, at: { rate: number; step: number }) => void
}

export interface WeightInHand {
  readonly values: Float32Array
  readonly gradients: Float32Array
  readonly slots: readonly Float32Array[]
}

/** w -= r g */
export const sgd: UpdateRule = {
  slots: [],
  update: ({ values, gradients }, { rate }) => {
    for (let i = 0; i < values.length; i++) values[i]! -= rate * gradients[i]!
  },
}

/** v = m v + g; w -= r v, or r (g + m v) by Nesterov. */
export function momentum(m: number, nesterov: boolean): UpdateRule {
  return {
    slots: ['momentum'],
    update: ({ values, gradients, slots: [velocity] }, { rate }) => {
      for (let i = 0; i < values.length; i++) {
        const v = Math.fround(m * velocity![i]! + gradients[i]!)
        velocity![i] = v
        values[i]! -= rate * (nesterov ? gradients[i]! + m * v : v)
      }
    },
  }
}

/** Kingma and Ba 2015, Adam, algorithm 1. */
export function adam(beta1: number, beta2: number, epsilon: number): UpdateRule {
  return {
    slots: ['m', 'v'],
    update: ({ values, gradients, slots: [first, second] }, { rate, step }) => {
      const [left1, left2] = [1 - beta1 ** step, 1 - beta2 ** step]
      for (let i = 0; i < values.length; i++) {
        const g = gradients[i]!
        const m = Math.fround(beta1 * first![i]! + (1 - beta1) * g)
        const v = Math.fround(beta2 * second![i]! + (1 - beta2) * g * g)
        first![i] = m
        second![i] = v
        values[i]! -= (rate * m) / left1 / (Math.sqrt(v / left2) + epsilon)
      }
    },
  }
}

export interface RmsPropOptions {
  readonly decay: number
  readonly momentum: number
  readonly epsilon: number
}

/** s = d s + (1 - d) g^2; v = m v + r g / sqrt(s + e) */
export function rmsProp({ decay, momentum, epsilon }: RmsPropOptions): UpdateRule {
  return {
    slots: ['rms', 'momentum'],
    update: ({ values, gradients, slots: [squares, moves] }, { rate }) => {
      for (let i = 0; i < values.length; i++) {
        const g = gradients[i]!
        const s = Math.fround(decay * squares![i]! + (1 - decay) * g * g)
        squares![i] = s
        const move = Math.fround(momentum * moves![i]! + (rate * g) / Math.sqrt(s + epsilon))
        moves![i] = move
        values[i]! -= move
      }
    },
  }
}
