import { eye, neg, ones, type Tensor } from '@tensorflow/tfjs-core'
import type { Criterion, Statistic } from '../types.js'
import { needsOf } from './needs.js'

/**
 * Statistics of ones, or of minus ones where they may be negative, of the shapes that a weight of this shape has: to
 * try a criterion before anything is gathered.
 */
export function examples(criterion: Criterion, shape: readonly number[]): Partial<Record<Statistic, Tensor>> {
  return Object.fromEntries(needsOf(criterion).map(({ statistic }) => [statistic, exampleOf(statistic, shape)]))
}

function exampleOf(statistic: Statistic, shape: readonly number[]): Tensor {
  const units = shape.at(-1)!
  if (statistic === 'inputProducts') return eye(shape.slice(0, -1).reduce((product, side) => product * side, 1))
  if (statistic === 'inputNorm') return ones([...shape.slice(0, -1), 1])
  if (statistic === 'unitSaliency' || statistic === 'zeroShare' || statistic === 'batchNormScale') {
    return ones([...shape.slice(0, -1).map(() => 1), units])
  }
  const all = ones([...shape])
  return statistic === 'squaredGradient' ? all : neg(all)
}
