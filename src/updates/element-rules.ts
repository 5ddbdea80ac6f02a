/**
 * The change of an element for its gradient. It changes the slots of the element in place; an
 * optimizer with fewer slots leaves the others alone.
 */
export type ElementRule = (
  gradient: number,
  at: number,
  first: Float32Array,
  second: Float32Array,
) => number

const { fround, sqrt } = Math

/**
 * The rules of optimizers, by their class names in tfjs. Each is made of the numbers of a step, see
 * `stockStep`. All is rounded to float32 as often and in the order in which tfjs does it, so that
 * every bit is the same.
 */
export const elementRules = {
  /** w -= r g */
  SGD: ([minusRate]) => {
    return (g) => fround(minusRate! * g)
  },
  /** v = m v + g; w -= r v, or r (g + m v) by Nesterov. */
  Momentum: ([minusRate, m, nesterov]) => {
    return (g, at, velocity) => {
      const v = fround(fround(m! * velocity[at]!) + g)
      velocity[at] = v
      return fround(minusRate! * (nesterov ? fround(g + fround(v * m!)) : v))
    }
  },
  /** Kingma and Ba 2015, Adam, algorithm 1. */
  Adam: ([minusRate, beta1, rest1, beta2, rest2, left1, left2, epsilon]) => {
    return (g, at, first, second) => {
      const m = fround(fround(first[at]! * beta1!) + fround(g * rest1!))
      const v = fround(fround(second[at]! * beta2!) + fround(fround(g * g) * rest2!))
      first[at] = m
      second[at] = v
      const root = fround(fround(sqrt(fround(v / left2!))) + epsilon!)
      return fround(fround(fround(m / left1!) / root) * minusRate!)
    }
  },
  /** s = d s + (1 - d) g^2; v = m v + r g / sqrt(s + e); w -= v */
  RMSProp: ([rate, decay, rest, momentum, epsilon]) => {
    return (g, at, squares, moves) => {
      const s = fround(fround(squares[at]! * decay!) + fround(fround(g * g) * rest!))
      const root = fround(sqrt(fround(s + epsilon!)))
      const v = fround(fround(moves[at]! * momentum!) + fround(fround(g * rate!) / root))
      squares[at] = s
      moves[at] = v
      return -v
    }
  },
} satisfies Record<string, (numbers: readonly number[]) => ElementRule>

/** Class name of an optimizer whose rule is known. */
export type RuleName = keyof typeof elementRules
