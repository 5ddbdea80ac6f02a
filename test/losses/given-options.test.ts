import { tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { asymmetric } from '../../src/losses/asymmetric.js'
import { aucPairwise } from '../../src/losses/auc-pairwise.js'
import { aucm } from '../../src/losses/aucm.js'
import { classDependent } from '../../src/losses/class-dependent.js'
import { distillation } from '../../src/losses/distillation.js'
import { focal } from '../../src/losses/focal.js'
import { highRecallPairwise } from '../../src/losses/high-recall-pairwise.js'
import { ldam } from '../../src/losses/ldam.js'
import { logitAdjusted } from '../../src/losses/logit-adjusted.js'
import { lowFalseAlarmPairwise } from '../../src/losses/low-false-alarm-pairwise.js'
import * as paper from '../../src/losses/paper-losses.js'
import { perLabel } from '../../src/losses/per-label.js'
import { softFBeta } from '../../src/losses/soft-f-beta.js'
import { squaredHingeRank } from '../../src/losses/squared-hinge-rank.js'
import { weightedCrossentropy } from '../../src/losses/weighted-crossentropy.js'
import type { Loss } from '../../src/types.js'

type Options = Record<string, unknown>

/** Makes a loss of options, and the options before and after the caller has changed them. */
const cases: readonly [name: string, make: (options: never) => Loss, Options, Options][] = [
  ['weightedCrossentropy', weightedCrossentropy, { weights: [1, 3] }, { weights: [1, 9] }],
  ['weightedCrossentropy', weightedCrossentropy, { weights: 3 }, { weights: 9 }],
  ['focal', focal, { focusing: 1, weights: [1, 3] }, { focusing: 3, weights: [1, 9] }],
  ['asymmetric', asymmetric, { clip: 0.1 }, { clip: 0.3 }],
  ['aucPairwise', aucPairwise, { margin: 1 }, { margin: 3 }],
  ['highRecallPairwise', highRecallPairwise, { worst: 0.5 }, { worst: 1, margin: 2 }],
  ['lowFalseAlarmPairwise', lowFalseAlarmPairwise, { hardest: 0.5 }, { hardest: 1, margin: 2 }],
  ['aucm', aucm, { margin: 1 }, { margin: 2 }],
  ['softFBeta', softFBeta, { beta: 1 }, { beta: 3 }],
  ['squaredHingeRank', squaredHingeRank, { lambda: [1, 2] }, { lambda: [3, 2] }],
  ['classDependent', classDependent, { gamma: 2, lambda: 1 }, { gamma: 5, lambda: 5 }],
  ['ldam', ldam, { counts: [5, 2], weights: [1, 2] }, { counts: [5, 4], weights: [1, 9] }],
  ['logitAdjusted', logitAdjusted, { counts: [5, 2] }, { counts: [5, 4] }],
  ['logitAdjusted', logitAdjusted, { priors: [0.6, 0.4] }, { priors: [0.1, 0.9] }],
]

const changed = (options: Options, later: Options) => {
  for (const [name, value] of Object.entries(later)) {
    const own = options[name]
    if (Array.isArray(own)) own.splice(0, own.length, ...(value as readonly number[]))
    else options[name] = value
  }
}

const costOf = (loss: Loss) =>
  tidy(() => {
    const outputs = tensor2d([[0.7], [0.2], [0.4], [0.9]])
    return loss(tensor1d([1, 0, 1, 0]), outputs).dataSync()[0]
  })

test.each(cases)('%s keeps its options when the caller changes the object', (...given) => {
  const [, make, options, later] = given
  const own = structuredClone(options)
  const bound = make(own as never)
  const wanted = costOf(make(structuredClone(options) as never).forOutput!('probabilities'))
  changed(own, later)
  expect(costOf(bound.forOutput!('probabilities'))).toBe(wanted)
})

test('paper.black keeps its options when the caller changes the object', () => {
  const options = { positiveClass: 1 }
  const schedule = paper.black(options)
  options.positiveClass = 0
  expect(schedule.atRound(1).settings?.positiveClass).toBe(1)
})

test('distillation keeps its options when the caller changes the object', () => {
  const options = { weight: 0.2, temperature: 2 }
  const loss = distillation(options)
  Object.assign(options, { weight: 0.9, temperature: 9 })
  expect(loss.forOutput!('probabilities').settings).toMatchObject({ weight: 0.2, temperature: 2 })
})

test('perLabel keeps its weights when the caller changes the list', () => {
  const labelWeights = [1, 0]
  const loss = perLabel(weightedCrossentropy(), { labelWeights })
  labelWeights.splice(0, 2, 0, 1)
  const cost = tidy(() => loss(tensor2d([[1, 1]]), tensor2d([[0, 99]])).dataSync()[0])
  expect(cost).toBeCloseTo(Math.LN2)
})

test('paper.green takes options that an object inherits', () => {
  const schedule = paper.green(Object.create({ positiveClass: 0 }))
  expect(schedule.atRound(1).settings?.positiveClass).toBe(0)
})
