import {
  add,
  cast,
  customGrad,
  div,
  equal,
  expandDims,
  greater,
  mul,
  neg,
  relu,
  type Scalar,
  scalar,
  square,
  sub,
  sum,
  type Tensor,
  tensor1d,
  tensor2d,
} from '@tensorflow/tfjs-core'
import { detach } from './detach.js'
import { pairwiseScan } from './pairwise-scan.js'
import { lowestOf, lowestPositives } from './pairwise-worst.js'

/** The ranking problems of a batch, one per row of scores. */
export interface PairProblem {
  /** 1 for the samples of the row's class, 0 for the others: `[rows, n]`. */
  readonly positives: Tensor
  /** Weight of each sample, `[1, n]`. */
  readonly sampleWeights: Tensor
  /** Weight of each row. */
  readonly rowWeights: readonly number[]
  readonly margin: number
  /** Share of the positives that count, the lowest first: in (0, 1]. */
  readonly worst: number
  /** Share of the negatives that count, the highest first: in (0, 1]. */
  readonly hardest: number
}

/**
 * sum_rows r sum_{i in P, j in N} (w_i / W+) (w_j / W-) [m - (s_i - s_j)]_+^2 of scores
 * `[rows, n]`, over a matrix `[n, n]` per row. Differentiable as it stands, and reads nothing back.
 */
export function hingeOverPairs(scores: Tensor, problem: PairProblem): Scalar {
  const { positives, sampleWeights, rowWeights, margin, worst, hardest } = problem
  const kept = (side: Tensor, s: Tensor, share: number) => {
    if (share === 1) return sharesOf(mul(side, sampleWeights))
    const present = mul(side, cast(greater(sampleWeights, 0), 'float32'))
    return sharesOf(mul(lowestPositives(s, present, share), sampleWeights))
  }
  const positiveShares = detach((s) => kept(positives, s, worst), scores)
  const negativeShares = detach((s) => kept(sub(1, positives), neg(s), hardest), scores)
  const shares = mul(expandDims(positiveShares, 2), expandDims(negativeShares, 1))
  // One axis at a time: a float32 sum over all pairs at once would lose digits.
  const perRow = sum(sum(mul(shares, pairCosts(scores, margin)), 2), 1)
  return sum<Scalar>(mul(perRow, tensor1d([...rowWeights])))
}

/** [m - (s_i - s_j)]_+^2 of scores `[rows, n]`: `[rows, n, n]`, by i and j. */
export function pairCosts(scores: Tensor, margin: number): Tensor {
  return square(relu(sub(margin, sub(expandDims(scores, 2), expandDims(scores, 1)))))
}

/** Weights `[rows, n]` over their sum; 0 where that is 0. */
export function sharesOf(weights: Tensor): Tensor {
  const total = sum(weights, 1, true)
  return div(weights, add(total, cast(equal(total, 0), 'float32')))
}

/** The same by {@link pairwiseScan}: float64 on the host, which the scores are read back to. */
export function hingeByScan(
  scores: Tensor,
  { positives, sampleWeights, ...problem }: PairProblem,
): Scalar {
  const { rowWeights, margin, worst, hardest } = problem
  const [rows, samples] = scores.shape as [number, number]
  const withGradient = customGrad(() => {
    const [values, flags, weights] = [
      numbersOf(scores),
      numbersOf(positives),
      numbersOf(sampleWeights),
    ]
    const gradient = new Float32Array(values.length)
    let total = 0
    for (const [row, rowWeight] of rowWeights.entries()) {
      const ofRow = values.subarray(row * samples, (row + 1) * samples)
      const own = flags.subarray(row * samples, (row + 1) * samples)
      const low =
        worst === 1 ? weights : weightsOfLowest(ofRow, { side: own, weights, share: worst })
      const used = hardest === 1 ? low : weightsOfHighest(ofRow, { own, weights: low, hardest })
      const hinge = pairwiseScan(ofRow, { positives: own, weights: used, margin })
      total += rowWeight * hinge.value
      gradient.set(
        hinge.gradient.map((slope) => rowWeight * slope),
        row * samples,
      )
    }
    const gradFunc = (dy: Tensor) => mul(dy, tensor2d(gradient, [rows, samples]))
    return { value: scalar(total), gradFunc }
  })
  return withGradient(scores) as Scalar
}

const numbersOf = (tensor: Tensor) => tensor.dataSync<'float32'>()

interface Lowest {
  /** 1 for the samples of the side that is cut down. */
  readonly side: Float32Array
  readonly weights: Float32Array | Float64Array
  readonly share: number
}

/** The weights of a row, but 0 for the samples of a side that are not among its lowest. */
function weightsOfLowest(scores: Float32Array, { side, weights, share }: Lowest): Float64Array {
  const present = Uint8Array.from(side, (flag, k) => Number(flag === 1 && weights[k]! > 0))
  const lowest = lowestOf(scores, present, share)
  return Float64Array.from(weights, (weight, k) =>
    side[k] && !lowest[k] && weight > 0 ? 0 : weight,
  )
}

interface Highest extends Pick<Lowest, 'weights'> {
  readonly own: Float32Array
  readonly hardest: number
}

/** The same for the negatives that are not among the highest. */
function weightsOfHighest(scores: Float32Array, { own, weights, hardest }: Highest): Float64Array {
  const side = own.map((flag) => 1 - flag)
  const turned = scores.map((score) => -score)
  return weightsOfLowest(turned, { side, weights, share: hardest })
}
