import {
  add,
  cast,
  customGrad,
  div,
  equal,
  expandDims,
  greater,
  mul,
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
}

/**
 * sum_rows r sum_{i in P, j in N} (w_i / W+) (w_j / W-) [m - (s_i - s_j)]_+^2 of scores
 * `[rows, n]`, over a matrix `[n, n]` per row. Differentiable as it stands, and reads nothing back.
 */
export function hingeOverPairs(scores: Tensor, problem: PairProblem): Scalar {
  const { positives, sampleWeights, rowWeights, margin, worst } = problem
  const positiveShares = detach((s) => {
    if (worst === 1) return sharesOf(mul(positives, sampleWeights))
    const present = mul(positives, cast(greater(sampleWeights, 0), 'float32'))
    return sharesOf(mul(lowestPositives(s, present, worst), sampleWeights))
  }, scores)
  const negativeShares = sharesOf(mul(sub(1, positives), sampleWeights))
  const hinge = relu(sub(margin, sub(expandDims(scores, 2), expandDims(scores, 1))))
  const shares = mul(expandDims(positiveShares, 2), expandDims(negativeShares, 1))
  // One axis at a time: a float32 sum over all pairs at once would lose digits.
  const perRow = sum(sum(mul(shares, square(hinge)), 2), 1)
  return sum<Scalar>(mul(perRow, tensor1d([...rowWeights])))
}

/** Weights `[rows, n]` over their sum; 0 where that is 0. */
function sharesOf(weights: Tensor): Tensor {
  const total = sum(weights, 1, true)
  return div(weights, add(total, cast(equal(total, 0), 'float32')))
}

/** The same by {@link pairwiseScan}: float64 on the host, which the scores are read back to. */
export function hingeByScan(
  scores: Tensor,
  { positives, sampleWeights, ...problem }: PairProblem,
): Scalar {
  const { rowWeights, margin, worst } = problem
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
      const used = worst === 1 ? weights : weightsOfLowest(ofRow, { own, weights, worst })
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
  readonly own: Float32Array
  readonly weights: Float32Array
  readonly worst: number
}

/** The weights of a row, but 0 for the positives that are not among the lowest. */
function weightsOfLowest(scores: Float32Array, { own, weights, worst }: Lowest): Float64Array {
  const present = Uint8Array.from(own, (flag, k) => Number(flag === 1 && weights[k]! > 0))
  const lowest = lowestOf(scores, present, worst)
  return Float64Array.from(weights, (weight, k) =>
    own[k] && !lowest[k] && weight > 0 ? 0 : weight,
  )
}
