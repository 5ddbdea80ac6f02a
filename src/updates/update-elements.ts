import { elementRules, type RuleName } from './element-rules.js'

/** How an optimizer changes elements in one step. */
export interface ElementUpdate {
  readonly rule: RuleName
  /** The numbers of its rule, see `StockStep`. */
  readonly numbers: readonly number[]
  /** Factor of all gradients. */
  readonly factor: number
}

/** Gradients in memory, and which of them count. */
export interface GradientArrays {
  readonly gradients: Float32Array
  /** The places of the kept elements, to which the work is limited. @default all elements */
  readonly places?: ArrayLike<number> | undefined
  /** 1 = kept; pruned elements get no gradient, and become 0. @default all are kept */
  readonly mask?: ArrayLike<number> | undefined
}

/** A weight in memory. */
export interface WeightArrays extends GradientArrays {
  readonly values: Float32Array
  /** They are changed in place. */
  readonly slots: readonly Float32Array[]
  /** The new values; it may be `values`. */
  readonly out: Float32Array
}

const none = new Float32Array()

/** Takes the step of an optimizer with a weight, element by element. */
export function updateElements(
  { rule, numbers, factor }: ElementUpdate,
  { values, gradients, slots: [first = none, second = none], out, places, mask }: WeightArrays,
): void {
  const change = elementRules[rule](numbers)
  const length = (places ?? values).length
  for (let i = 0; i < length; i++) {
    const at = places ? places[i]! : i
    const isKept = !mask || mask[at] === 1
    const moved = change(isKept ? Math.fround(gradients[at]! * factor) : 0, at, first, second)
    out[at] = isKept ? values[at]! + moved : 0
  }
}

/** The sum of the squares of the kept gradients. */
export function sumSquares({ gradients, places, mask }: GradientArrays): number {
  const length = (places ?? gradients).length
  let sum = 0
  for (let i = 0; i < length; i++) {
    const at = places ? places[i]! : i
    if (!mask || mask[at] === 1) sum += Math.fround(gradients[at]! * gradients[at]!)
  }
  return sum
}
