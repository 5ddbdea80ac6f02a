import type { Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { progressOf } from '../internal/at-once.js'
import type { ModelWeight } from '../internal/model-weights.js'
import { labelColumns, labelValues } from '../training/labels.js'
import type { Gathering } from '../types.js'
import type { LabelledSamples } from './labelled-samples.js'
import { type FullNeed, isFromSamples } from './needs.js'
import { sampleClasses } from './sample-classes.js'
import { lookAtAll, openPasses, passOf } from './sample-passes.js'
import { scoringLoss } from './scoring-loss.js'

interface SampledGathering extends Omit<Gathering, 'needs' | 'weights' | 'samples'> {
  readonly needs: readonly FullNeed[]
  readonly weights: readonly ModelWeight[]
  readonly samples: LabelledSamples
}

type Put = (weight: string, need: FullNeed, value: Tensor) => void

/** Gathers statistics in one pass over the samples for each class that is asked for. */
export async function gatherFromSamples(
  model: LayersModel,
  gathering: SampledGathering,
  put: Put,
): Promise<void> {
  const { samples, weights } = gathering
  const onProgress = progressOf(gathering, 'gather statistics')
  const needs = gathering.needs.filter(isFromSamples)
  const groups = new Map<number | undefined, FullNeed[]>()
  for (const need of needs) groups.set(need.class, [...(groups.get(need.class) ?? []), need])
  const isByClass = needs.some((need) => need.class !== undefined)
  const labels = isByClass ? sampleClasses(samples, 'gather statistics') : undefined
  const count = labelValues(samples).length / labelColumns(samples)
  const parts = [...groups].map(([index, own]) => {
    const indices = Int32Array.from({ length: count }, (_, i) => i).filter(
      (i) => index === undefined || labels![i] === index,
    )
    return { own, index, indices }
  })
  const of = parts.reduce((total, { indices }) => total + indices.length, 0)
  let before = 0
  for (const { own, index, indices } of parts) {
    const statistics = own.map(({ statistic }) => statistic)
    const passes = openPasses(model, {
      weights,
      statistics,
      loss: scoringLoss(samples, { model, needs: own }),
    })
    try {
      const progress = (seen: number) => onProgress?.({ samples: before + seen, of })
      await lookAtAll(passes, { ...gathering, model, index, indices, progress })
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
