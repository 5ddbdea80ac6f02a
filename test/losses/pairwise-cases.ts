import { oneHot, reshape, type Scalar, type Tensor, tensor, tensor1d } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { aucPairwise } from '../../src/losses/auc-pairwise.js'
import {
  type HighRecallPairwiseOptions,
  highRecallPairwise,
} from '../../src/losses/high-recall-pairwise.js'
import {
  type LowFalseAlarmPairwiseOptions,
  lowFalseAlarmPairwise,
} from '../../src/losses/low-false-alarm-pairwise.js'
import type { AucPairwiseOptions } from '../../src/losses/pairwise-options.js'
import type { Loss } from '../../src/types.js'
import golden from '../golden/pairwise.json'

export const forms = ['pairs', 'scan'] as const

interface GoldenCase {
  readonly loss: 'aucPairwise' | 'highRecallPairwise' | 'lowFalseAlarmPairwise'
  readonly options: AucPairwiseOptions & HighRecallPairwiseOptions & LowFalseAlarmPairwiseOptions
  readonly labels: readonly number[]
  readonly sampleWeights: readonly number[] | null
  readonly shape: readonly number[]
  readonly outputs: readonly number[]
  readonly value: number
  readonly gradient: readonly number[]
}

const factories = { aucPairwise, highRecallPairwise, lowFalseAlarmPairwise }

/** Cases of one loss in each form, made by PyTorch: see scripts/golden/pairwise.py. */
export function pairwiseCases(name: GoldenCase['loss']) {
  const cases = (golden.cases as unknown as GoldenCase[]).filter(({ loss }) => loss === name)
  return cases.flatMap((one) =>
    formsOf(one).map((form) => {
      const weighted = one.sampleWeights ? ' with sample weights' : ''
      return {
        ...one,
        form,
        title: `${form} [${one.shape}] ${JSON.stringify(one.options)}${weighted}`,
      }
    }),
  )
}

/** The soft forms have no scan. */
const formsOf = ({ options }: GoldenCase) =>
  options.temperature === undefined ? forms : (['pairs'] as const)

/**
 * The loss of a case with its sample weights bound, its labels in every allowed shape, and its
 * outputs.
 */
export function asPairwiseBatch({ form, ...one }: GoldenCase & { form: (typeof forms)[number] }) {
  const loss = factories[one.loss]({ ...one.options, form })
  const weights = one.sampleWeights ? tensor1d([...one.sampleWeights]) : undefined
  const indices = tensor1d([...one.labels], 'int32')
  const rows = oneHot(tensor1d([...one.labels], 'int32'), Math.max(one.shape[1] ?? 1, 2))
  const bound: Loss = (yTrue: Tensor, yPred: Tensor): Scalar => loss(yTrue, yPred, weights)
  return {
    loss: bound,
    labels: [rows, indices, reshape(indices, [-1, 1])],
    outputs: tensor([...one.outputs], [...one.shape]),
  }
}

/** Samples of two classes with weights. */
export interface Samples {
  readonly labels: number[]
  readonly scores: number[]
  readonly weights: number[]
}

/** Value and gradient by two loops over the samples, float64. */
export function naivePairs({ labels, scores, weights }: Samples, margin: number) {
  const totals = [0, 0]
  for (const [k, label] of labels.entries()) totals[label]! += weights[k]!
  const gradient = scores.map(() => 0)
  if (totals[0] === 0 || totals[1] === 0) return { value: 0, gradient }
  let value = 0
  for (const [i, positive] of labels.entries()) {
    for (const [j, negative] of labels.entries()) {
      if (positive !== 1 || negative !== 0) continue
      const hinge = Math.max(0, margin - (scores[i]! - scores[j]!))
      const share = (weights[i]! * weights[j]!) / totals[0]! / totals[1]!
      value += share * hinge ** 2
      gradient[i]! -= 2 * share * hinge
      gradient[j]! += 2 * share * hinge
    }
  }
  return { value, gradient }
}

/** A batch of two classes, often with ties; all of one class and weights of 0 are possible. */
export const samples: fc.Arbitrary<Samples> = fc
  .array(
    fc.record({
      label: fc.nat({ max: 1 }),
      score: fc.oneof(fc.integer({ min: -4, max: 4 }), fc.double({ min: -4, max: 4, noNaN: true })),
      weight: fc.oneof(fc.nat({ max: 3 }), fc.double({ min: 0.01, max: 5, noNaN: true })),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((all) => ({
    labels: all.map(({ label }) => label),
    scores: all.map(({ score }) => score),
    weights: all.map(({ weight }) => weight),
  }))

/** Many samples from a seed, one in five positive. */
export function manySamples(count: number, { offset = 0, seed = 1 } = {}): Samples {
  let state = seed
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state + 0.5) / 2 ** 32
  }
  const labels = Array.from({ length: count }, (_, k) => Number(k % 5 === 0))
  const scores = labels.map((label) => Math.fround(offset + 4 * uniform() + label * uniform()))
  return { labels, scores, weights: labels.map(() => Math.fround(0.2 + uniform())) }
}
