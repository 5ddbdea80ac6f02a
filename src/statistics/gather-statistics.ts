import { dispose, type Tensor, tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { turnGiver } from '../internal/event-loop.js'
import { type ModelWeight, modelWeights } from '../internal/model-weights.js'
import { releaseTape } from '../internal/release-tape.js'
import { openArrays } from '../training/batch-source.js'
import { classLabels } from '../training/training-data.js'
import type { GatheredStatistics, Gathering, Loss, ScoringSamples, Statistic } from '../types.js'
import { batchNormScale } from './batch-norm-scale.js'
import { checkGathering } from './check-gathering.js'
import { flowGradients, withFlowWeights } from './flow.js'
import { gradientStatistics, isOfGradients } from './gradient-statistics.js'
import { inputStatistics, isOfInputs } from './input-statistics.js'
import { type FullNeed, isFromSamples, needsOf } from './needs.js'
import type { Running } from './running-sums.js'
import { scoringLoss } from './scoring-loss.js'

/**
 * Gathers statistics of the model as it is, in one pass over the samples for each class that is
 * asked for.
 */
export async function gatherStatistics(
  model: LayersModel,
  gathering: Gathering,
): Promise<GatheredStatistics> {
  const { samples } = gathering
  const needs = needsOf(gathering)
  checkGathering(model, needs, samples)
  const names = new Set(gathering.weights)
  const weights = modelWeights(model).filter(({ name }) => names.has(name))
  const found = new Map<string, Partial<Record<Statistic, Tensor>>>()
  const put = (weight: string, { statistic, class: index }: FullNeed, value: Tensor) => {
    const key = `${weight} ${index}`
    found.set(key, { ...found.get(key), [statistic]: value })
  }
  const gathered: GatheredStatistics = {
    of: (weight, index) => found.get(`${weight} ${index}`) ?? {},
    dispose: () => dispose([...found.values()].flatMap((statistics) => Object.values(statistics))),
  }
  try {
    for (const need of needs.filter(({ statistic }) => statistic === 'flow')) {
      const flows = await withFlowWeights(model, (scales) => flowGradients(model, weights, scales))
      for (const [name, flow] of Object.entries(flows)) put(name, need, flow)
    }
    for (const need of needs.filter(({ statistic }) => statistic === 'batchNormScale')) {
      for (const weight of weights) put(weight.name, need, batchNormScale(model, weight))
    }
    for (const need of needs.filter(({ statistic }) => statistic === 'movement')) {
      for (const weight of weights) put(weight.name, need, movementOf(weight, gathering.movement))
    }
    if (samples && needs.some(isFromSamples))
      await gatherFromSamples(model, { ...gathering, needs, weights, samples }, put)
    return gathered
  } catch (error) {
    releaseTape()
    gathered.dispose()
    throw error
  }
}

function movementOf({ name, variable }: ModelWeight, movement: Gathering['movement']): Tensor {
  const values = movement?.[name]
  if (values?.length === variable.size) return tensor(Float32Array.from(values), variable.shape)
  const got = values ? `${values.length} values` : 'none'
  throw new RangeError(
    `Cannot score ${name}: expected the movement of ${variable.size} weights in a training before, got ${got}`,
  )
}

interface SampledGathering extends Omit<Gathering, 'needs' | 'weights'> {
  readonly needs: readonly FullNeed[]
  readonly weights: readonly ModelWeight[]
  readonly samples: ScoringSamples
}

type Put = (weight: string, need: FullNeed, value: Tensor) => void

async function gatherFromSamples(
  model: LayersModel,
  gathering: SampledGathering,
  put: Put,
): Promise<void> {
  const { samples, weights, onProgress } = gathering
  const needs = gathering.needs.filter(isFromSamples)
  const groups = new Map<number | undefined, FullNeed[]>()
  for (const need of needs) groups.set(need.class, [...(groups.get(need.class) ?? []), need])
  const labels = classLabels(samples)
  const parts = [...groups].map(([index, own]) => {
    const indices = Int32Array.from(labels.keys()).filter(
      (i) => index === undefined || labels[i] === index,
    )
    return { own, indices }
  })
  const of = parts.reduce((total, { indices }) => total + indices.length, 0)
  let before = 0
  for (const { own, indices } of parts) {
    const statistics = own.map(({ statistic }) => statistic)
    const passes = openPasses(model, {
      weights,
      statistics,
      loss: scoringLoss(samples, { model, needs: own }),
    })
    try {
      const progress = (seen: number) => onProgress?.({ samples: before + seen, of })
      await lookAtAll(passes, { ...gathering, indices, progress })
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

interface Pass {
  readonly running: Running
  readonly has: (statistic: Statistic) => boolean
}

interface PassOptions {
  readonly weights: readonly ModelWeight[]
  readonly statistics: readonly Statistic[]
  readonly loss: Loss
}

function openPasses(model: LayersModel, { weights, statistics, loss }: PassOptions): Pass[] {
  const [ofGradients, ofInputs] = [statistics.filter(isOfGradients), statistics.filter(isOfInputs)]
  const passes: Pass[] = []
  if (ofGradients.length > 0) {
    const running = gradientStatistics(model, { weights, statistics: ofGradients, loss })
    passes.push({ running, has: isOfGradients })
  }
  if (ofInputs.length > 0) {
    passes.push({
      running: inputStatistics(model, { weights, statistics: ofInputs }),
      has: isOfInputs,
    })
  }
  return passes
}

function passOf(passes: readonly Pass[], statistic: Statistic): Running {
  return passes.find(({ has }) => has(statistic))!.running
}

interface Look {
  readonly samples: ScoringSamples
  readonly indices: Int32Array
  readonly progress: (seen: number) => void
  readonly signal?: AbortSignal | undefined
}

async function lookAtAll(
  passes: readonly Pass[],
  { samples, indices, progress, signal }: Look,
): Promise<void> {
  const { batchSize = 32 } = samples
  const turn = turnGiver(50)
  const source = openArrays(samples, function* () {
    for (let start = 0; start < indices.length; start += batchSize)
      yield indices.slice(start, start + batchSize)
  })
  let seen = 0
  try {
    for await (const batch of source.epoch(0)) {
      const size = batch.ys.shape[0]!
      try {
        signal?.throwIfAborted()
        for (const { running } of passes) running.look(batch, size / indices.length)
      } finally {
        dispose([batch.xs, batch.ys] as Tensor[])
      }
      seen += size
      progress(seen)
      await turn()
    }
  } finally {
    source.dispose()
  }
}
