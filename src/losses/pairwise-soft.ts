import {
  add,
  cast,
  equal,
  expandDims,
  greater,
  log,
  logSumExp,
  max,
  mul,
  type Scalar,
  sub,
  sum,
  type Tensor,
  tensor1d,
} from '@tensorflow/tfjs-core'
import { type PairProblem, pairCosts, sharesOf } from './pairwise-hinge.js'

/** Far below every logarithm of a share: its exponential is 0. */
const NOTHING = -1e30

/** The temperatures of the negatives, and of the positives where they are soft too. */
export interface Temperatures {
  readonly negatives: number
  readonly positives: number | undefined
}

/**
 * sum_rows r sum_i (w_i / W+) T log sum_j (w_j / W-) exp(l_ij / T) of the pairs' costs l; with a
 * temperature U of the positives sum_rows r U log sum_i (w_i / W+) (sum_j (w_j / W-) exp(l_ij /
 * T))^(T / U). 0 for a row without positives or without negatives.
 */
export function softOverPairs(
  scores: Tensor,
  { positives, sampleWeights, rowWeights, margin }: Omit<PairProblem, 'worst' | 'hardest'>,
  { negatives: temperature, positives: other }: Temperatures,
): Scalar {
  const shares = [positives, sub(1, positives)].map((side) => sharesOf(mul(side, sampleWeights)))
  const [own, rest] = shares as [Tensor, Tensor]
  const costs = mul(pairCosts(scores, margin), 1 / temperature)
  const perPositive = mul(softMean(costs, expandDims(rest, 1)), temperature)
  const perRow = other
    ? mul(softMean(mul(perPositive, 1 / other), own), other)
    : sum(mul(perPositive, own), 1)
  const isRanked = shares.map((share) => greater(max(share, 1), 0))
  const ranked = mul(cast(isRanked[0]!, 'float32'), cast(isRanked[1]!, 'float32'))
  return sum<Scalar>(mul(mul(perRow, ranked), tensor1d([...rowWeights])))
}

/** log sum_j share_j exp(x_j) along the last axis. A share of 0 leaves its x out. */
function softMean(values: Tensor, shares: Tensor): Tensor {
  const present = cast(greater(shares, 0), 'float32')
  const absent = cast(equal(shares, 0), 'float32')
  const logarithms = add(mul(log(add(shares, absent)), present), mul(absent, NOTHING))
  return logSumExp(add(mul(values, present), logarithms), -1)
}
