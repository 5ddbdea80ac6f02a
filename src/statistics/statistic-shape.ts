import type { Statistic } from '../types.js'

/** Shape of a statistic of a weight of the given shape, its units on the last axis. */
export function statisticShape(statistic: Statistic, shape: readonly number[]): number[] {
  const inner = shape.slice(0, -1)
  switch (statistic) {
    case 'inputProducts': {
      const inputs = inner.reduce((product, side) => product * side, 1)
      return [inputs, inputs]
    }
    case 'inputNorm':
      return [...inner, 1]
    case 'unitSaliency':
    case 'zeroShare':
    case 'batchNormScale':
      return [...inner.map(() => 1), shape.at(-1)!]
    default:
      return [...shape]
  }
}
