import { eye, neg, ones, type Tensor } from '@tensorflow/tfjs-core'
import type { Need, Statistic } from '../types.js'
import { needsOf } from './needs.js'
import { statisticShape } from './statistic-shape.js'

const NEGATIVE: readonly Statistic[] = ['gradient', 'flow', 'movement']

/**
 * Statistics of ones, or of minus ones where they may be negative, of the shapes that a weight of
 * this shape has: to try a criterion before anything is gathered.
 */
export function examples(
  needs: readonly Need[],
  shape: readonly number[],
): Partial<Record<Statistic, Tensor>> {
  return Object.fromEntries(
    needsOf({ needs }).map(({ statistic }) => [statistic, exampleOf(statistic, shape)]),
  )
}

function exampleOf(statistic: Statistic, shape: readonly number[]): Tensor {
  const own = statisticShape(statistic, shape)
  if (statistic === 'inputProducts') return eye(own[0]!)
  return NEGATIVE.includes(statistic) ? neg(ones(own)) : ones(own)
}
