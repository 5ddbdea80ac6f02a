import type { Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { ModelWeight } from '../internal/model-weights.js'
import { countSamples } from '../training/training-data.js'
import type { Gathering, ScoringSamples } from '../types.js'
import { type FullNeed, isFromSamples } from './needs.js'
import { sampleClasses } from './sample-classes.js'
import { lookAtAll, openPasses, passOf } from './sample-passes.js'
import { scoringLoss } from './scoring-loss.js'
import { taskOf } from './scoring-samples.js'

interface SampledGathering extends Omit<Gathering, 'needs' | 'weights'> {
  readonly needs: readonly FullNeed[]
  readonly weights: readonly ModelWeight[]
  readonly samples: ScoringSamples
}

type Put = (weight: string, need: FullNeed, value: Tensor) => void

/** Gathers statistics in one pass over the samples for each class that is asked for. */
export async function gatherFromSamples(
  model: LayersModel,
  gathering: SampledGathering,
  put: Put,
): Promise<void> {
  const { samples, weights, onProgress } = gathering
  const needs = gathering.needs.filter(isFromSamples)
  const groups = new Map<number | undefined, FullNeed[]>()
  for (const need of needs) groups.set(need.class, [...(groups.get(need.class) ?? []), need])
  const isByClass = needs.some((need) => need.class !== undefined)
  const labels = isByClass ? sampleClasses(samples, 'gather statistics') : undefined
  const count = countSamples(samples, 'gather statistics')
  const parts = [...groups].map(([index, own]) => {
    const indices = Int32Array.from({ length: count }, (_, i) => i).filter(
      (i) => index === undefined || labels![i] === index,
    )
    return { own, indices, task: taskOf(index) }
  })
  const of = parts.reduce((total, { indices }) => total + indices.length, 0)
  let before = 0
  for (const { own, indices, task } of parts) {
    const statistics = own.map(({ statistic }) => statistic)
    const passes = openPasses(model, {
      weights,
      statistics,
      loss: scoringLoss(samples, { model, needs: own }),
    })
    try {
      const progress = (seen: number) => onProgress?.({ samples: before + seen, of })
      await lookAtAll(passes, { ...gathering, model, task, indices, progress })
      for (const weight of weights) {
        for (const need of own)
          put(weight.name, need, passOf(passes, need.statistic).end(weight, need.statistic))
      }
    } finally {
      for (const { running } of passes) running.dispose()
    }
    before += indices.length
  }
}
