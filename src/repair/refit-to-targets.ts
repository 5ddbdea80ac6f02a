import { matMul, mul, reshape, sub, sum, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core'
import { factorise, solve } from '../criteria/cholesky.js'
import { dampingShift } from '../criteria/damping-shift.js'
import { ROUNDING } from '../criteria/layer-refit.js'
import type { MaskedWeight } from '../masks/mask.js'
import { checkRepaired } from './check-repaired.js'
import type { RefitWeight } from './refit-weight.js'
import { shareLost } from './share-lost.js'
import type { TargetProducts } from './target-products.js'

interface Wanted {
  readonly dense: Float32Array
  readonly products: TargetProducts
  readonly damping: number
  readonly task: string
}

/**
 * Fits the kept elements of a kernel to outputs that it should have on the inputs that it has.
 * Throws where that cannot be solved.
 */
export function refitToTargets(
  { name, values: kept }: MaskedWeight,
  { dense, products, damping, task }: Wanted,
): { readonly values: Float32Array; readonly report: RefitWeight } {
  const { inputs, targets, energy, count } = products
  const [size, units] = targets.shape as [number, number]
  const [matrix, wanted] = [inputs.dataSync(), targets.dataSync()]
  const diagonal = Float64Array.from({ length: size }, (_, i) => matrix[i * size + i]!)
  const shift = dampingShift(diagonal, { damping, task: `${task} ${name}` })
  const values = new Float32Array(dense.length)
  for (let unit = 0; unit < units; unit++) {
    const stay = Array.from({ length: size }, (_, i) => i).filter(
      (i) => kept[i * units + unit] === 1,
    )
    const part = partOf(matrix, { size, stay, shift })
    const solved = Float64Array.from(stay, (i) => {
      const at = i * units + unit
      return wanted[at]! + shift * dense[at]!
    })
    if (!factorise(part, stay.length, ROUNDING)) {
      const got = `a singular part of the sum of x x^T over ${count} places`
      throw new RangeError(`Cannot ${task} ${name}: expected a higher damping, got ${got}`)
    }
    solve(part, stay.length, solved)
    stay.forEach((i, a) => {
      values[i * units + unit] = solved[a]!
    })
  }
  checkRepaired(values, { name, task })
  const lost = (kernel: Float32Array) =>
    shareLost(lostOf(kernel, products), { of: energy, task: `${task} ${name}` })
  const masked = dense.map((value, i) => (kept[i] === 1 ? value : 0))
  return { values, report: { name, lostBefore: lost(masked), lostAfter: lost(values) } }
}

interface Part {
  readonly size: number
  readonly stay: readonly number[]
  readonly shift: number
}

/** Lower triangle of the rows and columns that stay, with the shift on the diagonal. */
function partOf(matrix: ArrayLike<number>, { size, stay, shift }: Part): Float64Array {
  const part = new Float64Array(stay.length ** 2)
  for (const [a, row] of stay.entries()) {
    for (let b = 0; b <= a; b++) part[a * stay.length + b] = matrix[row * size + stay[b]!]!
    part[a * stay.length + a]! += shift
  }
  return part
}

/** Sum of the squares of x^T w - z, not below 0. */
function lostOf(values: Float32Array, { inputs, targets, energy }: TargetProducts): number {
  const change = tidy(() => {
    const kernel: Tensor = reshape(tensor(values), targets.shape)
    const own = mul(kernel, matMul(inputs, kernel))
    return sum(sub(own, mul(mul(kernel, targets), 2))).dataSync()[0]!
  })
  return Math.max(change + energy, 0)
}
