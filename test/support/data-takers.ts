import { dispose, ones, train, zeros } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import {
  type ArrayData,
  averagePercentageOfZeros,
  computeMask,
  evaluateOn,
  fit,
  forClasses,
  gradualPruner,
  layerwiseObs,
  magnitude,
  prune,
  pruneWeights,
  reEstimateBatchNorm,
  repairToLoss,
  repairVariance,
  repairWeights,
  taylor,
  wanda,
  withTeacher,
} from 'tfjs-prune'
import { certify } from 'tfjs-prune/certify'
import { contextOf } from '../training/context.js'
import { fillWeights, weightsByName } from './weights.js'

/** Ten samples with three features; every third is positive. */
export const goodRows = Array.from({ length: 10 }, (_, i) => [i / 10, 1 - i / 5, (i % 3) - 1])
export const goodLabels = goodRows.map((_, i) => Number(i % 3 === 0))

/** Dense 3-4 (relu), batch norm, dense 2: seeded weights. */
export function takersModel(): LayersModel {
  const hidden = layers.dense({ name: 'hidden', units: 4, activation: 'relu', inputShape: [3] })
  const norm = layers.batchNormalization({ name: 'norm' })
  const out = layers.dense({ name: 'out', units: 2 })
  const model = fillWeights(sequential({ layers: [hidden, norm, out] }))
  const fresh = [ones([4]), zeros([4]), zeros([4]), ones([4])]
  norm.setWeights(fresh)
  dispose(fresh)
  return model
}

/** What a function makes of data: plain numbers that can be compared. */
type Taker = (data: never, model: LayersModel) => Promise<unknown>

const good = { xs: goodRows, ys: goodLabels }
const training = { optimizer: () => train.sgd(0.05), epochs: 2 }
const positiveClass = 1
/** The last layer has no activation whose zeros would differ. */
const hidden = { select: { include: ['hidden/kernel'] } }
const maskOf = async (model: LayersModel, options: Parameters<typeof computeMask>[1]) =>
  (await computeMask(model, options)).weights.map(({ values }) => [...values])

const ofDense = async (data: never, model: LayersModel) => {
  const run = { train: async () => {}, evaluate: evaluateOn(good, { positiveClass }) }
  const { rounds } = await prune(model, { ...run, schedule: [1], criterion: magnitude() })
  const risks = { maximumFalseNegativeRate: 0.5, maximumFalsePositiveRate: 0.9, confidence: 0.6 }
  return certify(rounds, { model, calibration: data, positiveClass, ...risks })
}

/** Every function that takes samples, by name; each is called with data and a model. */
export const dataTakers: Readonly<Record<string, Taker>> = {
  fit: async (data, model) => {
    const { loss } = (await fit(data, training)(contextOf(model)))!
    return [loss, weightsByName(model)]
  },
  'best of fit': async (data, model) => {
    const best = {
      evaluate: evaluateOn(data, { positiveClass }),
      metric: ({ auc }: { auc: number }) => auc,
      direction: 'maximise' as const,
    }
    return fit(good, { ...training, epochs: 1, best })(contextOf(model))
  },
  evaluateOn: async (data, model) => evaluateOn(data, { positiveClass })(model),
  certify: ofDense,
  'computeMask by wanda': (data, model) =>
    maskOf(model, { density: 0.5, criterion: wanda(), samples: data }),
  'computeMask by taylor': (data, model) =>
    maskOf(model, { density: 0.5, criterion: taylor(), samples: data }),
  'computeMask by class': (data, model) =>
    maskOf(model, {
      density: 0.5,
      criterion: forClasses(taylor(), [1, 4]),
      samples: data,
    }),
  'computeMask by zeros': (data, model) =>
    maskOf(model, {
      density: 0.5,
      criterion: averagePercentageOfZeros(),
      ...hidden,
      samples: data,
    }),
  pruneWeights: async (data, model) => {
    await pruneWeights(model, { density: 0.5, criterion: layerwiseObs(), samples: data })
    return weightsByName(model)
  },
  prune: async (data, model) => {
    const { rounds } = await prune(model, {
      train: async () => {},
      evaluate: evaluateOn(good, { positiveClass }),
      schedule: [1, 0.5],
      criterion: taylor(),
      samples: data,
    })
    return rounds.map(({ trained }) => trained)
  },
  gradualPruner: async (data, model) => {
    const options = { density: 0.5, begin: 0, end: 1, every: 1, criterion: wanda(), samples: data }
    const pruner = await gradualPruner(model, options)
    try {
      for (let step = 0; step < 3; step++) await pruner.step()
      return pruner.mask.weights.map(({ values }) => [...values])
    } finally {
      pruner.dispose()
    }
  },
  repairWeights: async (data, model) => {
    const mask = await computeMask(model, { density: 0.5 })
    const { weights } = await repairWeights(model, mask, { samples: data })
    return [weights, weightsByName(model)]
  },
  repairToLoss: async (data, model) => {
    const mask = await computeMask(model, { density: 0.5 })
    const samples = 'iterator' in data ? data : { ...(data as ArrayData), batchSize: 10 }
    const { riseAfter } = await repairToLoss(model, mask, { samples })
    return [riseAfter, weightsByName(model)]
  },
  repairVariance: async (data, model) => {
    const mask = await computeMask(model, { density: 0.5 })
    const { weights } = await repairVariance(model, mask, { samples: data })
    return [weights, weightsByName(model)]
  },
  reEstimateBatchNorm: async (data, model) => {
    await reEstimateBatchNorm(model, data, 'iterator' in data ? {} : { batchSize: 4 })
    return weightsByName(model)
  },
  withTeacher: async (data, model) => {
    const { ys } = await withTeacher(model, data)
    const values = [...ys.dataSync()]
    ys.dispose()
    return values
  },
}
