import { tensor, tensor1d, tidy } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aucPairwise } from '../../src/losses/auc-pairwise.js'
import { highRecallPairwise } from '../../src/losses/high-recall-pairwise.js'
import { lowestOf, lowestPositives, worstCount } from '../../src/losses/pairwise-worst.js'
import { aucRoc } from '../../src/metrics/auc-roc.js'
import { distance, gradientOf, sum } from './gradient-of.js'
import { hardSet, trainOn } from './hard-set.js'
import {
  asPairwiseBatch,
  forms,
  manySamples,
  naivePairs,
  pairwiseCases,
  type Samples,
  samples,
} from './pairwise-cases.js'

const shares = fc.constantFrom(0.01, 0.1, 0.34, 0.5, 0.9, 1)

const onTensors = (
  { labels, scores, weights }: Samples,
  options: { form: 'pairs' | 'scan'; worst: number },
) =>
  tidy(() =>
    gradientOf(
      (y, x) => highRecallPairwise(options)(y, x, tensor1d(weights)),
      tensor1d(labels),
      tensor1d(scores),
    ),
  )

/** The samples without the positives that are not among the lowest. */
function worstOnly({ labels, scores, weights }: Samples, worst: number): Samples {
  const positives = [...labels.keys()].filter((k) => labels[k] === 1 && weights[k]! > 0)
  positives.sort((a, b) => scores[a]! - scores[b]! || a - b)
  const kept = new Set(positives.slice(0, Math.ceil(worst * positives.length - 1e-9)))
  return {
    labels,
    scores,
    weights: weights.map((weight, k) => (labels[k] === 0 || kept.has(k) ? weight : 0)),
  }
}

describe('worstCount', () => {
  it('worstCount is ceil(share count), whatever the product rounds to', () => {
    expect(0.07 * 100).toBeGreaterThan(7)
    expect(worstCount(0.07, 100)).toBe(7)
    expect([worstCount(0.5, 0), worstCount(0.5, 1), worstCount(0.5, 5), worstCount(1, 7)]).toEqual([
      0, 1, 3, 7,
    ])
    expect([worstCount(1e-9, 3), worstCount(0.5 + 1e-9, 1000)]).toEqual([1, 501])
  })
})

describe('lowestPositives', () => {
  it('lowestPositives takes the first of equal scores, on the device as on the host', () => {
    const scores = [3, 1, 1, 1, 0, 1]
    const positives = [1, 1, 0, 1, 0, 1]
    expect([...lowestOf(scores, positives, 0.5)]).toEqual([0, 1, 0, 1, 0, 0])
    const rows = lowestPositives(
      tensor([...scores, ...scores], [2, 6]),
      tensor([...positives, 0, 0, 1, 0, 0, 0], [2, 6]),
      0.5,
    )
    expect([...rows.dataSync()]).toEqual([0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0])
  })

  it('lowestPositives is the same on the device and on the host', () => {
    fc.assert(
      fc.property(samples, shares, ({ labels, scores }, share) => {
        const rounded = scores.map(Math.fround)
        const device = tidy(() => [
          ...lowestPositives(
            tensor(rounded, [1, labels.length]),
            tensor(labels, [1, labels.length]),
            share,
          ).dataSync(),
        ])
        expect([...lowestOf(rounded, labels, share)]).toEqual(device)
        expect(sum(device)).toBe(worstCount(share, sum(labels)))
      }),
      { numRuns: 100 },
    )
  })
})

describe('highRecallPairwise', () => {
  it.each(pairwiseCases('highRecallPairwise'))(
    'highRecallPairwise agrees with PyTorch: $title',
    (golden) => {
      const { loss, labels, outputs } = asPairwiseBatch(golden)
      for (const yTrue of labels) {
        const { value, gradient } = gradientOf(loss, yTrue, outputs)
        expect(distance([value], [golden.value])).toBeLessThan(5e-6)
        expect(distance(gradient, golden.gradient)).toBeLessThan(5e-6)
      }
    },
  )

  it.each(forms)('highRecallPairwise, %s, is the double loop over the lowest positives', (form) => {
    fc.assert(
      fc.property(samples, shares, (all, worst) => {
        const rounded = {
          ...all,
          scores: all.scores.map(Math.fround),
          weights: all.weights.map(Math.fround),
        }
        const naive = naivePairs(worstOnly(rounded, worst), 1)
        const { value, gradient } = onTensors(rounded, { form, worst })
        expect(distance([value], [naive.value])).toBeLessThan(1e-5)
        expect(distance(gradient, naive.gradient)).toBeLessThan(1e-5)
        expect(Math.abs(sum(gradient))).toBeLessThan(1e-5)
      }),
      { numRuns: 50 },
    )
  })

  it.each(forms)('highRecallPairwise, %s, with all positives is aucPairwise', (form) => {
    const all = manySamples(40)
    const [labels, scores] = [tensor1d(all.labels), tensor1d(all.scores)]
    const whole = gradientOf(aucPairwise({ form, margin: 2, weights: [1, 3] }), labels, scores)
    const options = { form, margin: 2, weights: [1, 3] }
    expect(gradientOf(highRecallPairwise({ ...options, worst: 1 }), labels, scores)).toEqual(whole)
    expect(gradientOf(highRecallPairwise({ ...options, worst: 0.5 }), labels, scores)).not.toEqual(
      whole,
    )
  })

  it.each(forms)(
    'highRecallPairwise, %s, is at least as large the fewer positives it keeps',
    (form) => {
      fc.assert(
        fc.property(samples, shares, shares, ({ labels, scores }, one, other) => {
          const [y, x] = [tensor1d(labels), tensor1d(scores)]
          const of = (worst: number) => gradientOf(highRecallPairwise({ worst, form }), y, x).value
          const [few, many] = [of(Math.min(one, other)), of(Math.max(one, other))]
          expect(few).toBeGreaterThanOrEqual(many * (1 - 1e-6))
        }),
        { numRuns: 50 },
      )
    },
  )

  it.each(forms)(
    'highRecallPairwise, %s, moves the lowest positives and the negatives above them, and no other',
    (form) => {
      const labels = tensor1d([1, 1, 1, 0, 0])
      const { value, gradient } = gradientOf(
        highRecallPairwise({ form, worst: 0.3 }),
        labels,
        tensor1d([2, 0, 0.5, 0.5, -2]),
      )
      expect(value).toBe(1.5 ** 2 / 2)
      expect(gradient).toEqual([0, -1.5, 0, 1.5, 0])
    },
  )

  it.each(forms)('highRecallPairwise, %s, has the gradient of finite differences', (form) => {
    const all = manySamples(25)
    const scores = all.scores.map((score, k) => Math.fround(score + k / 97)) // no ties
    const labels = tensor1d(all.labels)
    const loss = highRecallPairwise({ form, worst: 0.5 })
    const { gradient } = gradientOf(loss, labels, tensor1d(scores))
    const step = 2e-3
    for (const k of scores.keys()) {
      const at = (by: number) =>
        gradientOf(loss, labels, tensor1d(scores.map((score, i) => (i === k ? score + by : score))))
          .value
      expect(Math.abs((at(step) - at(-step)) / (2 * step) - gradient[k]!)).toBeLessThan(5e-3)
    }
  })

  it.each(forms)('highRecallPairwise, %s, does not count positives of weight 0', (form) => {
    const all = { labels: [1, 1, 1, 0], scores: [-9, 0, 3, 0], weights: [0, 1, 1, 1] }
    expect(onTensors(all, { form, worst: 0.5 }).value).toBe(1)
  })

  it.each(forms)(
    'highRecallPairwise, %s, keeps lowest positives of each of several classes',
    (form) => {
      const labels = tensor1d([0, 0, 1, 1, 2])
      const outputs = tensor([4, 0, 0, 1, 0, 0, 0, 3, 0, 0, -1, 0, 0, 0, 0], [5, 3])
      const loss = highRecallPairwise({ form, worst: 0.5, weights: [1, 0, 0] })
      const { gradient } = gradientOf(loss, labels, outputs)
      expect(gradient.slice(0, 3)).toEqual([0, 0, 0])
      expect(gradient[3]).toBeLessThan(-0.05)
    },
  )

  it('highRecallPairwise lifts the lowest positives of a hard set', () => {
    const set = hardSet(3)
    const lowAuc = (scores: number[]) => {
      const lowest = lowestOf(scores, set.labels, 0.5)
      const used = [...scores.keys()].filter((k) => set.labels[k] === 0 || lowest[k])
      const labels = used.map((k) => set.labels[k]!)
      return aucRoc(
        labels,
        used.map((k) => scores[k]!),
        { positiveClass: 1 },
      )
    }
    const before = lowAuc(trainOn(set, highRecallPairwise({ worst: 0.5 }), { seed: 3, epochs: 0 }))
    for (const form of forms) {
      const scores = trainOn(set, highRecallPairwise({ worst: 0.5, form }), { seed: 3, rate: 0.01 })
      expect(lowAuc(scores)).toBeGreaterThan(before + 0.15)
    }
  })

  it.each(forms)(
    'highRecallPairwise, %s, is zero where there is nothing to rank and NaN for a NaN score',
    (form) => {
      const loss = highRecallPairwise({ worst: 0.2, form })
      for (const labels of [[1], [0], [1, 1], [0, 0]]) {
        const { value, gradient } = gradientOf(
          loss,
          tensor1d(labels),
          tensor1d([50, -50].slice(0, labels.length)),
        )
        expect([value, sum(gradient.map(Math.abs))]).toEqual([0, 0])
      }
      expect(gradientOf(loss, tensor1d([1, 1, 0]), tensor1d([0, Number.NaN, 1])).value).toBeNaN()
    },
  )

  it.each(forms)('highRecallPairwise, %s, leaves no tensors', async (form) => {
    const all = manySamples(20)
    await expect(() => onTensors(all, { form, worst: 0.3 })).toLeaveNoTensors()
  })

  it('highRecallPairwise remembers its settings', () => {
    const settings = {
      worst: 0.2,
      margin: 1,
      weights: 1,
      positiveClass: 0,
      output: 'auto',
      form: 'auto',
    }
    expect(highRecallPairwise({ worst: 0.2, positiveClass: 0 }).settings).toEqual(settings)
  })

  it('highRecallPairwise rejects a share that is not above 0 and at most 1', () => {
    const cannot =
      'Cannot make highRecallPairwise: expected worst to be a number above 0 and at most 1, got'
    for (const worst of [0, -0.5, 1.01, Number.NaN]) {
      expect(() => highRecallPairwise({ worst })).toThrow(new RangeError(`${cannot} ${worst}`))
    }
    expect(() => highRecallPairwise({} as { worst: number })).toThrow(
      new TypeError(`${cannot} undefined`),
    )
    expect(() => highRecallPairwise({ worst: 0.5, margin: 0 })).toThrow(
      'Cannot make highRecallPairwise: expected margin to be a finite number above 0, got 0',
    )
  })
})
