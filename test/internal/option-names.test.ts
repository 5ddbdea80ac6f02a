import * as run from 'tfjs-prune'
import * as certify from 'tfjs-prune/certify'
import * as files from 'tfjs-prune/files'
import * as losses from 'tfjs-prune/losses'
import * as metrics from 'tfjs-prune/metrics'
import * as shrink from 'tfjs-prune/shrink'
import { expect, test } from 'vitest'
import { refusalOf } from '../support/refusal-of.js'

const library = { ...run, ...certify, ...files, ...losses, ...metrics, ...shrink }

const { paper, ...pieces } = library
const one = { positiveClass: 1 }
const labels = [0, 1]
const scores = [0.1, 0.9]

/** Right calls without their options. */
const calls: Record<string, (options: object) => unknown> = {
  adjustLogits: (options) => pieces.adjustLogits(scores as never, options as never),
  asymmetric: (options) => pieces.asymmetric(options),
  aucm: (options) => pieces.aucm(options),
  aucNotBelow: (options) => pieces.aucNotBelow({ slack: 0.1, ...options }),
  aucPairwise: (options) => pieces.aucPairwise(options),
  aucRoc: (options) => pieces.aucRoc(labels, scores, { ...one, ...options }),
  averagePrecision: (options) => pieces.averagePrecision(labels, scores, { ...one, ...options }),
  certifyScores: (options) => pieces.certifyScores([], options as never),
  classDependent: (options) => pieces.classDependent(options),
  clopperPearson: (options) => pieces.clopperPearson(1, 2, options),
  collapsedClasses: (options) => pieces.collapsedClasses(labels, labels, options),
  collapsedLayers: (options) => pieces.collapsedLayers([], options),
  confusion: (options) => pieces.confusion(labels, scores, { ...one, ...options } as never),
  delongInterval: (options) => pieces.delongInterval(labels, scores, { ...one, ...options }),
  delongTest: (options) => pieces.delongTest(labels, scores, scores, { ...one, ...options }),
  falseNegativeRateAt: (options) =>
    pieces.falseNegativeRateAt(labels, scores, { ...one, falsePositiveRate: 0.5, ...options }),
  falseNegativeRateAtMost: (options) => pieces.falseNegativeRateAtMost(0.1, options),
  'falseNegativeRateAtMost, relative': (options) => pieces.falseNegativeRateAtMost(options),
  falseNegativeRateBound: (options) => pieces.falseNegativeRateBound(0.1, options),
  falseNegativesAtMost: (options) => pieces.falseNegativesAtMost(1, options),
  falseNegativesBound: (options) => pieces.falseNegativesBound(1, options),
  focal: (options) => pieces.focal(options),
  highRecallPairwise: (options) => pieces.highRecallPairwise({ worst: 0.5, ...options }),
  interpolatingNorms: (options) => pieces.interpolatingNorms(() => {}, { seed: 1, ...options }),
  ldam: (options) => pieces.ldam({ counts: [1, 2], ...options }),
  logitAdjusted: (options) => pieces.logitAdjusted({ counts: [1, 2], ...options }),
  lostPositives: (options) => pieces.lostPositives(labels, labels, labels, { ...one, ...options }),
  mcnemar: (options) => pieces.mcnemar(1, 2, options),
  mcnemarOfPredictions: (options) => pieces.mcnemarOfPredictions(labels, labels, labels, options),
  negativesNeeded: (options) =>
    pieces.negativesNeeded({ maximumFalsePositiveRate: 0.1, confidence: 0.9, ...options }),
  newMissRateBound: (options) => pieces.newMissRateBound(0.1, options),
  newMissesAtMost: (options) => pieces.newMissesAtMost(1, options),
  neymanPearsonThreshold: (options) =>
    pieces.neymanPearsonThreshold(labels, scores, {
      ...one,
      maximumFalseNegativeRate: 0.5,
      confidence: 0.1,
      ...options,
    }),
  'paper.black': (options) => paper.black(options),
  partialAuc: (options) =>
    pieces.partialAuc(labels, scores, {
      ...one,
      maximumFalsePositiveRate: 0.5,
      ...options,
    } as never),
  positivesNeeded: (options) =>
    pieces.positivesNeeded({ maximumFalseNegativeRate: 0.1, confidence: 0.9, ...options }),
  precisionRecallCurve: (options) =>
    pieces.precisionRecallCurve(labels, scores, { ...one, ...options }),
  provableRate: (options) => pieces.provableRate({ positives: 3, confidence: 0.9, ...options }),
  recallByClass: (options) => pieces.recallByClass(labels, labels, labels, options),
  rewindToSign: (options) => pieces.rewindToSign(options),
  'rewindToSign, trained': (options) =>
    pieces.rewindToSign({ signs: 'trained', magnitudes: 'initial', ...options }),
  rocCurve: (options) => pieces.rocCurve(labels, scores, { ...one, ...options }),
  scorePruned: (options) =>
    pieces.scorePruned({
      build: () => undefined as never,
      prune: () => undefined as never,
      metric: () => 0,
      ...options,
    }),
  softFBeta: (options) => pieces.softFBeta(options),
  squaredHingeRank: (options) => pieces.squaredHingeRank(options),
  thresholdByCost: (options) =>
    pieces.thresholdByCost(labels, scores, {
      ...one,
      falseNegativeCost: 1,
      falsePositiveCost: 1,
      ...options,
    }),
  thresholdForFalsePositiveRate: (options) =>
    pieces.thresholdForFalsePositiveRate(labels, scores, {
      ...one,
      falsePositiveRate: 0.5,
      ...options,
    }),
  thresholdForRecall: (options) =>
    pieces.thresholdForRecall(labels, scores, { ...one, recall: 0.5, ...options }),
  weightedByRecall: (options) => pieces.weightedByRecall(pieces.taylor(), [0, 1], options),
  weightedCrossentropy: (options) => pieces.weightedCrossentropy(options),
  wilcoxonSignedRank: (options) => pieces.wilcoxonSignedRank(scores, scores, options),
  wilson: (options) => pieces.wilson(1, 2, options),
}

test.each(Object.keys(calls))('%s refuses an option that does not exist, by name', (name) => {
  expect(refusalOf(() => calls[name]!({ positiveClas: 1 }))).toMatch(
    /^TypeError: Cannot .+: expected options among .+, got positiveClas(: did you mean \w+\?)?$/,
  )
})

test.each([
  'aucRoc',
  'rocCurve',
  'delongTest',
  'partialAuc',
  'lostPositives',
  'thresholdForRecall',
] as const)('%s says what it misses when it is called without options', (name) => {
  const call = pieces[name] as (...args: unknown[]) => unknown
  const samples =
    name === 'delongTest' || name === 'lostPositives' ? [labels, labels, labels] : [labels, scores]
  expect(refusalOf(() => call(...samples))).toMatch(
    /^TypeError: Cannot .+: expected an object of options( with [\w and]+)?, got undefined$/,
  )
})
