import { dispose, type Tensor, tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { ModelWeight } from '../internal/model-weights.js'
import { releaseTape } from '../internal/release-tape.js'
import { markSeen } from '../internal/seen-data.js'
import type { Gather, GatheredStatistics, Gathering, Statistic } from '../types.js'
import { batchNormScale } from './batch-norm-scale.js'
import { checkGathering, weightsOf, withSamples } from './check-gathering.js'
import { checkNeeds } from './check-needs.js'
import { examples } from './examples.js'
import { flowGradients, withFlowWeights } from './flow.js'
import { gatherFromSamples } from './gather-from-samples.js'
import type { LabelledSamples } from './labelled-samples.js'
import { movementSums } from './movement.js'
import { type FullNeed, isOfMovement, needsOf } from './needs.js'

/** Gathers statistics, and does all else that only they ask of a run. */
export const gatherStatistics: Gather = Object.assign(gather, {
  check: checkGathering,
  examples,
  movement: ((needs, weights) =>
    needsOf({ needs }).some(isOfMovement)
      ? movementSums(weights)
      : undefined) satisfies Gather['movement'],
})

/**
 * Gathers statistics of the model as it is, in one pass over the samples for each class that is
 * asked for.
 */
async function gather(model: LayersModel, gathering: Gathering): Promise<GatheredStatistics> {
  const needs = needsOf(gathering)
  const { signal } = gathering
  return withSamples(gathering.samples, { model, needs, signal }, (samples) => {
    if (samples) markSeen(gathering.samples!)
    return gatherAll(model, { ...gathering, needs, samples })
  })
}

interface FullGathering extends Omit<Gathering, 'needs' | 'samples'> {
  readonly needs: readonly FullNeed[]
  readonly samples: LabelledSamples | undefined
}

async function gatherAll(
  model: LayersModel,
  gathering: FullGathering,
): Promise<GatheredStatistics> {
  const { needs, samples } = gathering
  const weights = weightsOf(model, gathering.weights)
  checkNeeds(model, { needs, weights })
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
    if (samples) await gatherFromSamples(model, { ...gathering, weights, samples }, put)
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
  const wanted = `the movement of ${variable.size} weights in a training before`
  throw new RangeError(`Cannot score ${name}: expected ${wanted}, got ${got}`)
}
