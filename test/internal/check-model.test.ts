import { GraphModel } from '@tensorflow/tfjs-converter'
import { train } from '@tensorflow/tfjs-core'
import { input, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { auditHarm, outcomesOf } from '../../src/audit/index.js'
import { fuseBatchNorms, fuseRecurrent } from '../../src/backends/wasm/index.js'
import {
  certify,
  checkCertified,
  decisionThreshold,
  setDecisionThreshold,
  weightsFingerprint,
} from '../../src/certify/index.js'
import {
  narrowest,
  saveCompressed,
  saveQuantised,
  sizeReport,
  strip,
} from '../../src/files/index.js'
import {
  applyMask,
  applyRewound,
  applyTicket,
  applyTrained,
  checkMask,
  computeMask,
  denseMask,
  evaluateOn,
  fit,
  gradualPruner,
  lossFor,
  type Mask,
  maskedOptimizer,
  maskOfZeros,
  masksOf,
  prune,
  pruneWeights,
  pruningRounds,
  type Round,
  reEstimateBatchNorm,
  repairToLoss,
  repairVariance,
  repairWeights,
  rewindToInitial,
  selectWeights,
  stripMasks,
  wholeUnits,
  withMasks,
  withTeacher,
} from '../../src/index.js'
import { weightedCrossentropy } from '../../src/losses/index.js'
import { toOnnx } from '../../src/onnx/index.js'
import { multiplyAdds, shrink } from '../../src/shrink/index.js'
import { compileSparse } from '../../src/sparse/index.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { smallModel } from '../support/small-models.js'

const data = {
  xs: [
    [1, 2, 3, 4],
    [4, 3, 2, 1],
  ],
  ys: [0, 1],
}
const evaluate = evaluateOn(data, { positiveClass: 1 })
const run = {
  train: fit(data, { optimizer: () => train.sgd(0.1), epochs: 1 }),
  evaluate,
  schedule: [1, 0.5],
}
const risks = {
  positiveClass: 1,
  maximumFalseNegativeRate: 0.5,
  maximumFalsePositiveRate: 0.5,
  confidence: 0.5,
}
let model: LayersModel
let mask: Mask
let round: Round

/** Every public function that takes a model of layers. */
const takers: Record<string, (model: never) => unknown> = {
  prune: (model) => prune(model, run),
  pruningRounds: (model) => pruningRounds(model, run).next(),
  computeMask: (model) => computeMask(model, { density: 0.5 }),
  gradualPruner: (model) => gradualPruner(model, { density: 0.5, end: 2 }),
  selectWeights,
  denseMask,
  masksOf,
  stripMasks,
  withMasks: (model) => withMasks(model, mask),
  applyMask: (model) => applyMask(model, mask),
  checkMask: (model) => checkMask(model, mask),
  maskedOptimizer: (model) => maskedOptimizer(model, train.sgd(0.1), mask),
  applyRewound: (model) => applyRewound(model, round, rewindToInitial()),
  applyTicket: (model) => applyTicket(model, round),
  applyTrained: (model) => applyTrained(model, round),
  evaluateOn: (model) => evaluate(model),
  'evaluateOn.check': (model) => evaluate.check!(model),
  lossFor: (model) => lossFor(model, weightedCrossentropy({ weights: 2 })),
  withTeacher: (model) => withTeacher(model, data),
  repairToLoss: (model) => repairToLoss(model, mask, { samples: data }),
  repairVariance: (model) => repairVariance(model, mask, { samples: data }),
  repairWeights: (model) => repairWeights(model, mask, { samples: data }),
  certify: (model) => certify([round], { model, calibration: { ...data }, ...risks }),
  decisionThreshold,
  setDecisionThreshold: (model) => setDecisionThreshold(model, { threshold: 0, positiveClass: 1 }),
  strip,
  shrink,
  multiplyAdds,
}

/** Every public function that takes anything that has weights. */
const sourceTakers: Record<string, (source: never) => unknown> = {
  saveCompressed: (source) => saveCompressed(source, () => {}),
  saveQuantised: (source) => saveQuantised(source, 'never-written', { type: 'uint8' }),
  narrowest: (source) => narrowest<'int8'>(source, { budget: 1, evaluate }),
  sizeReport,
  pruneWeights: (source) => pruneWeights(source, { density: 0.5 }),
}

const others: Record<string, { made: () => unknown; got: string }> = {
  'a promise': { made: () => Promise.resolve(model), got: 'a promise: await it' },
  'a graph model': {
    made: () => new GraphModel('model.json'),
    got:
      'a GraphModel, which has no layers: load the model before its conversion; ' +
      'pruneWeights and tfjs-prune/files take these as they are',
  },
  artifacts: {
    made: () => ({ modelTopology: {}, weightSpecs: [], weightData: new ArrayBuffer(0) }),
    got:
      'artifacts: load them, loadLayersModel(io.fromMemory(artifacts)); ' +
      'pruneWeights and tfjs-prune/files take these as they are',
  },
  'the JSON of a model': {
    made: () => JSON.parse(JSON.stringify(model.toJSON(undefined, false))),
    got: 'the JSON of a model: build it, models.modelFromJSON(json)',
  },
  'a handler': {
    made: () => ({ load: async () => ({}) }),
    got: 'a handler: load its model, loadLayersModel(handler)',
  },
  'a path': {
    made: () => 'model.json',
    got: '"model.json": load its model, loadLayersModel(path)',
  },
  'a layer': {
    made: () => layers.dense({ units: 1 }),
    got: 'a layer: put it into a model',
  },
  'a symbolic tensor': {
    made: () => input({ shape: [3] }),
    got: 'a symbolic tensor: call model({ inputs, outputs })',
  },
  'an empty Sequential': {
    made: () => sequential(),
    got: 'one without layers: add some, the first with an inputShape',
  },
  'a configuration': {
    made: () => ({ layers: [{ className: 'Dense' }] }),
    got: 'an object with layers and no weights, such as a configuration: make a model of it',
  },
  nothing: { made: () => undefined, got: 'undefined' },
  'an object': { made: () => ({}), got: 'object' },
}

beforeAll(async () => {
  model = smallModel()
  mask = denseMask(model)
  for await (const first of pruningRounds(model, { ...run, schedule: [1] })) round = first
})

describe.each(Object.keys(takers))('%s', (taker) => {
  it.each(Object.keys(others))(`${taker} names %s in the place of a model`, async (kind) => {
    const { made, got } = others[kind]!
    const refusal = await lateRefusalOf(async () => takers[taker]!(made() as never))
    expect(refusal).toMatch(/^TypeError: Cannot [a-z ]+: expected a LayersModel, got /)
    expect(refusal.slice(refusal.indexOf('got ') + 4)).toBe(got)
  })
})

/** Every other public function that takes a model that is built. */
const disposedTakers: typeof takers = {
  ...takers,
  ...sourceTakers,
  maskOfZeros,
  reEstimateBatchNorm: (model) => reEstimateBatchNorm(model, data),
  auditHarm: (gone) => auditHarm(model, gone, { data }),
  'auditHarm of a round': (model) => auditHarm(round, round, { data, model }),
  outcomesOf: (model) => outcomesOf(model, data),
  weightsFingerprint,
  checkCertified: (model) => checkCertified(model, {} as never),
  toOnnx,
  compileSparse,
  'compileSparse of a round': (model) => compileSparse(model, { round }),
  fuseBatchNorms,
  fuseRecurrent,
  wholeUnits: (model) => wholeUnits(model, mask),
}

describe('a model that is disposed of', () => {
  it.each(Object.keys(disposedTakers))('%s refuses it', async (taker) => {
    const gone = smallModel()
    gone.dispose()
    const refusal = await lateRefusalOf(async () => disposedTakers[taker]!(gone as never))
    expect(refusal).toMatch(
      /^TypeError: Cannot [a-zA-Z ]+: expected a model in use, got one disposed of$/,
    )
  })
})

/** The same in the place of a source of weights. */
const otherSources: typeof others = {
  ...others,
  'a graph model': {
    made: others['a graph model']!.made,
    got: 'a GraphModel that is not loaded: await its load()',
  },
  artifacts: {
    made: () => ({ modelTopology: {} }),
    got: 'artifacts without weightSpecs: hand on all that the handler loaded',
  },
  'artifacts without data': {
    made: () => ({ modelTopology: {}, weightSpecs: [] }),
    got: 'undefined',
  },
  'a handler': { made: () => ({ load: async () => ({}) }), got: 'none' },
  'a path': { made: () => 'model.json', got: '"model.json": take fileHandler(path)' },
}

describe.each(Object.keys(sourceTakers))('%s', (taker) => {
  it.each(Object.keys(otherSources))(
    `${taker} names %s in the place of a source of weights`,
    async (kind) => {
      const { made, got } = otherSources[kind]!
      const refusal = await lateRefusalOf(async () => sourceTakers[taker]!(made() as never))
      expect(refusal).toMatch(/^TypeError: Cannot [a-z ]+: expected (a LayersModel, a |artifacts )/)
      expect(refusal.slice(refusal.indexOf('got ') + 4)).toBe(got)
    },
  )
})
