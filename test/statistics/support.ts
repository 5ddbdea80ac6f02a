import { type Tensor, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { type ModelWeight, modelWeights } from '../../src/internal/model-weights.js'
import { gatherStatistics } from '../../src/statistics/gather-statistics.js'
import type { ScoringSamples, Statistic } from '../../src/types.js'

/** One statistic of some weights as plain numbers. */
export async function statisticOf(
  model: LayersModel,
  statistic: Statistic,
  { names, samples, index }: { names: readonly string[]; samples?: ScoringSamples; index?: number },
): Promise<Record<string, { shape: number[]; values: number[] }>> {
  const gathered = await gatherStatistics(model, {
    needs: [index === undefined ? statistic : { statistic, class: index }],
    weights: names,
    samples,
  })
  try {
    const entries = names.map((name) => {
      const value = gathered.of(name, index)[statistic]!
      return [name, { shape: value.shape, values: [...value.dataSync()] }]
    })
    return Object.fromEntries(entries)
  } finally {
    gathered.dispose()
  }
}

export function weightOf(model: LayersModel, name: string): ModelWeight {
  return modelWeights(model).find((weight) => weight.name === name)!
}

/** Values that a tidy computes. */
export function valuesOf(compute: () => Tensor): number[] {
  return tidy(() => [...compute().dataSync()])
}

/** Every value lies within a share of the largest one of what is expected. */
export function largestError(got: readonly number[], expected: readonly number[]): number {
  if (got.length !== expected.length) return Number.POSITIVE_INFINITY
  const scale = Math.max(...expected.map(Math.abs), 1e-12)
  return Math.max(...got.map((value, i) => Math.abs(value - expected[i]!))) / scale
}
