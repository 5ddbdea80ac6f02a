import {
  ones,
  reshape,
  slice,
  Tensor,
  tensor,
  tensor1d,
  tidy,
  valueAndGrad,
} from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { aucPairwise } from '../../src/losses/auc-pairwise.js'
import { pairwiseScan } from '../../src/losses/pairwise-scan.js'
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

const scanOf = ({ labels, scores, weights }: Samples, margin = 1) =>
  pairwiseScan(scores, { positives: labels, weights, margin })

/** Value and gradient of a form on weighted samples, one logit each. */
const onTensors = ({ labels, scores, weights }: Samples, form: 'pairs' | 'scan', margin = 1) =>
  gradientOf(
    (y, x) => aucPairwise({ form, margin })(y, x, tensor1d(weights)),
    tensor1d(labels),
    tensor1d(scores),
  )

describe('pairwiseScan', () => {
  it.each([0, 1000])(
    'pairwiseScan is the double loop to 1e-12, ties and weights included, at offset %d',
    (offset) => {
      const margins = fc.constantFrom(1, 0.3, 2.5)
      fc.assert(
        fc.property(samples, margins, (all, margin) => {
          const moved = { ...all, scores: all.scores.map((score) => score + offset) }
          const naive = naivePairs(moved, margin)
          const scan = scanOf(moved, margin)
          // A hinge is the difference of scores around the offset: below a sum of 0.1, their own
          // rounding shows.
          expect(Math.abs(scan.value - naive.value)).toBeLessThanOrEqual(
            1e-12 * Math.max(naive.value, 0.1),
          )
          const unit = Math.max(0.1, ...naive.gradient.map(Math.abs))
          for (const [k, slope] of naive.gradient.entries()) {
            expect(Math.abs(scan.gradient[k]! - slope)).toBeLessThanOrEqual(1e-12 * unit)
          }
        }),
        { numRuns: 300 },
      )
    },
  )

  it.each([0, 1000])(
    'pairwiseScan is the double loop to 1e-12 relative for 3,000 samples at offset %d',
    (offset) => {
      const many = manySamples(3000, { offset })
      const naive = naivePairs(many, 1)
      const scan = scanOf(many)
      expect(naive.value).toBeGreaterThan(1)
      expect(Math.abs(scan.value / naive.value - 1)).toBeLessThan(1e-12)
      for (const [k, slope] of naive.gradient.entries()) {
        expect(Math.abs(scan.gradient[k]! - slope)).toBeLessThanOrEqual(1e-12 * Math.abs(slope))
      }
    },
  )

  it('pairwiseScan has the gradient of finite differences, and it sums to zero', () => {
    const all = manySamples(60, { offset: 1000 })
    const { gradient } = scanOf(all)
    const step = 1e-4
    for (const k of all.scores.keys()) {
      const at = (by: number) =>
        scanOf({ ...all, scores: all.scores.map((s, i) => (i === k ? s + by : s)) }).value
      expect(Math.abs((at(step) - at(-step)) / (2 * step) - gradient[k]!)).toBeLessThan(1e-6)
    }
    expect(sum([...gradient].map(Math.abs))).toBeGreaterThan(1)
    expect(Math.abs(sum([...gradient]))).toBeLessThan(1e-13)
  })

  it('pairwiseScan takes many samples in less than quadratic time', () => {
    const scan = scanOf(manySamples(200_000)) // 6.4e9 pairs
    expect(scan.value).toBeGreaterThan(1)
    expect(Math.abs(sum([...scan.gradient]))).toBeLessThan(1e-12)
  })

  it('pairwiseScan keeps its digits beside a score far away', () => {
    const all = { labels: [1, 0, 1, 0], scores: [1e9, 0.5, 0.125, -0.75], weights: [1, 1, 1, 1] }
    expect(scanOf(all).value).toBe((1.375 ** 2 + 0.125 ** 2) / 4)
  })

  it('pairwiseScan is 0 without weight on a side and NaN for what is not finite', () => {
    expect(scanOf({ labels: [1, 1], scores: [1, 2], weights: [1, 1] })).toEqual({
      value: 0,
      gradient: Float64Array.of(0, 0),
    })
    expect(scanOf({ labels: [1, 0], scores: [1, 2], weights: [1, 0] }).value).toBe(0)
    expect(scanOf({ labels: [], scores: [], weights: [] }).value).toBe(0)
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const { value, gradient } = scanOf({ labels: [1, 0], scores: [1, wrong], weights: [1, 1] })
      expect([value, ...gradient]).toEqual([Number.NaN, Number.NaN, Number.NaN])
      expect(scanOf({ labels: [1, 0], scores: [1, 2], weights: [wrong, 1] }).value).toBeNaN()
    }
  })
})

describe('aucPairwise', () => {
  it.each(pairwiseCases('aucPairwise'))('aucPairwise agrees with PyTorch: $title', (golden) => {
    const { loss, labels, outputs } = asPairwiseBatch(golden)
    for (const yTrue of labels) {
      const { value, gradient } = gradientOf(loss, yTrue, outputs)
      expect(distance([value], [golden.value])).toBeLessThan(5e-6)
      expect(distance(gradient, golden.gradient)).toBeLessThan(5e-6)
    }
  })

  it.each(forms)(
    'aucPairwise, %s, is the double loop in float64 to 1e-4 for 700 scores around 1,000',
    (form) => {
      const many = manySamples(700, { offset: 1000 })
      const naive = naivePairs(many, 1)
      const { value, gradient } = onTensors(many, form)
      expect(Math.abs(value / naive.value - 1)).toBeLessThan(1e-5)
      expect(distance(gradient, naive.gradient)).toBeLessThan(1e-5)
    },
  )

  it.each(forms)('aucPairwise, %s, is the double loop for any weights, ties and margin', (form) => {
    fc.assert(
      fc.property(samples, fc.constantFrom(1, 0.3, 2.5), (all, margin) => {
        const rounded = {
          ...all,
          scores: all.scores.map(Math.fround),
          weights: all.weights.map(Math.fround),
        }
        const naive = naivePairs(rounded, margin)
        const { value, gradient } = onTensors(rounded, form, margin)
        expect(distance([value], [naive.value])).toBeLessThan(1e-5)
        expect(distance(gradient, naive.gradient)).toBeLessThan(1e-5)
        expect(Math.abs(sum(gradient))).toBeLessThan(1e-5)
      }),
      { numRuns: 50 },
    )
  })

  it.each(forms)(
    'aucPairwise, %s, has the gradient of finite differences through the log-odds',
    (form) => {
      const labels = tensor1d([0, 1, 2, 0, 1, 2, 0])
      const outputs = Array.from({ length: 21 }, (_, k) => Math.sin(3 * k))
      const loss = aucPairwise({ form, weights: [1, 2, 4] })
      const { gradient } = gradientOf(loss, labels, tensor(outputs, [7, 3]))
      const step = 2e-3
      for (const k of outputs.keys()) {
        const at = (by: number) => {
          const moved = outputs.map((output, i) => (i === k ? output + by : output))
          return gradientOf(loss, labels, tensor(moved, [7, 3])).value
        }
        expect(Math.abs((at(step) - at(-step)) / (2 * step) - gradient[k]!)).toBeLessThan(5e-3)
      }
    },
  )

  it.each(forms)('aucPairwise, %s, bounds margin^2 (1 - AUC) from above', (form) => {
    fc.assert(
      fc.property(samples, fc.constantFrom(1, 0.5, 3), ({ labels, scores }, margin) => {
        const { value } = gradientOf(
          aucPairwise({ form, margin }),
          tensor1d(labels),
          tensor1d(scores),
        )
        const auc = aucRoc(labels, [...tensor1d(scores).dataSync()], { positiveClass: 1 })
        if (Number.isNaN(auc)) expect(value).toBe(0)
        else expect(value).toBeGreaterThanOrEqual(margin ** 2 * (1 - auc) * (1 - 1e-6))
      }),
      { numRuns: 50 },
    )
  })

  it('aucPairwise reads no score back up to 1,024 samples of two classes or 591 of three, and scans above', () => {
    const read = vi.spyOn(Tensor.prototype, 'dataSync')
    const reads = (count: number, columns: number) => {
      read.mockClear()
      tidy(() => aucPairwise()(ones([count]), ones([count, columns])))
      return read.mock.calls.length > 0
    }
    expect([reads(1024, 1), reads(1025, 1), reads(591, 3), reads(592, 3)]).toEqual([
      false,
      true,
      false,
      true,
    ])
    read.mockRestore()
  })

  it('aucPairwise raises the AUC of a hard set, in either form', () => {
    const set = hardSet(3)
    const aucOf = (scores: number[]) => aucRoc(set.labels, scores, { positiveClass: 1 })
    const before = aucOf(trainOn(set, aucPairwise(), { seed: 3, epochs: 0 }))
    for (const form of forms) {
      const scores = trainOn(set, aucPairwise({ form }), { seed: 3, rate: 0.01 })
      expect(aucOf(scores)).toBeGreaterThan(Math.max(before + 0.1, 0.8))
    }
  })

  it.each(forms)(
    'aucPairwise, %s, is exactly zero where there is nothing to rank, and so is its gradient',
    (form) => {
      for (const labels of [[1], [0], [1, 1, 1], [0, 0, 0]]) {
        const scores = [50, -0.3, 2].slice(0, labels.length)
        const columns = tensor(
          scores.flatMap((s) => [s, -s, 1]),
          [scores.length, 3],
        )
        for (const outputs of [tensor1d(scores), columns]) {
          const { value, gradient } = gradientOf(aucPairwise({ form }), tensor1d(labels), outputs)
          expect([value, sum(gradient.map(Math.abs))]).toEqual([0, 0])
        }
      }
      expect(onTensors({ labels: [1, 0], scores: [0, 3], weights: [1, 0] }, form).value).toBe(0)
    },
  )

  it.each(forms)(
    'aucPairwise, %s, is finite and right for logits of 50 on the wrong side',
    (form) => {
      const { value, gradient } = gradientOf(
        aucPairwise({ form }),
        tensor1d([0, 1]),
        tensor1d([50, -50]),
      )
      expect([value, ...gradient]).toEqual([101 ** 2, 202, -202])
      const p = gradientOf(
        aucPairwise({ form, output: 'probabilities' }),
        tensor1d([0, 1]),
        tensor1d([1, 0]),
      )
      expect([p.value, ...p.gradient].every(Number.isFinite)).toBe(true)
    },
  )

  it.each(forms)('aucPairwise, %s, is NaN for a score that is not finite', (form) => {
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(
        gradientOf(aucPairwise({ form }), tensor1d([1, 0, 0]), tensor1d([wrong, 1, 2])).value,
      ).toBeNaN()
    }
  })

  it('aucPairwise is zero once every positive is a margin above every negative', () => {
    const labels = tensor1d([1, 1, 0])
    for (const form of forms) {
      expect(gradientOf(aucPairwise({ form, margin: 2 }), labels, tensor1d([4, 7, 2])).value).toBe(
        0,
      )
      expect(gradientOf(aucPairwise({ form, margin: 2 }), labels, tensor1d([3, 7, 2])).value).toBe(
        0.5,
      )
    }
  })

  it('aucPairwise weighs the classes, and with two of them takes the weight of the positive class', () => {
    const labels = tensor1d([0, 1, 2, 1, 0])
    const outputs = tensor([1, 2, 0, 0.5, -1, 3, 0.2, 0.1, -2, 1, 1, 0, 2, 0, 1], [5, 3])
    const of = (weights: number | number[]) =>
      gradientOf(aucPairwise({ weights }), labels, outputs).value
    const single = [of([1, 0, 0]), of([0, 1, 0]), of([0, 0, 1])] as const
    expect(Math.min(...single)).toBeGreaterThan(0.1)
    expect(of([2, 3, 5])).toBeCloseTo(2 * single[0] + 3 * single[1] + 5 * single[2], 4)
    expect(of(4)).toBeCloseTo(4 * sum(single), 4)
    const two = (positiveClass: number) =>
      gradientOf(
        aucPairwise({ weights: [3, 5], positiveClass }),
        tensor1d([1, 0]),
        tensor1d([0, 0]),
      ).value
    expect([two(0), two(1)]).toEqual([3, 5])
  })

  it('aucPairwise sees the same problem from either class', () => {
    const all = manySamples(30)
    const of = (positiveClass: number) =>
      gradientOf(aucPairwise({ positiveClass }), tensor1d(all.labels), tensor1d(all.scores))
    expect(distance([of(0).value], [of(1).value])).toBeLessThan(1e-5)
    expect(distance(of(0).gradient, of(1).gradient)).toBeLessThan(1e-5)
  })

  it.each(forms)(
    'aucPairwise, %s, takes sample weights [n] and [n, 1], to scale: weight 2 is the sample twice',
    (form) => {
      const loss = aucPairwise({ form })
      const [labels, scores, weights] = [
        tensor1d([1, 0, 1]),
        tensor1d([0, 0.25, 0.5]),
        tensor1d([2, 1, 4], 'int32'),
      ]
      const weighted = loss(labels, scores, weights).dataSync()[0]!
      const twice = loss(
        tensor1d([1, 1, 0, 1, 1, 1, 1]),
        tensor1d([0, 0, 0.25, 0.5, 0.5, 0.5, 0.5]),
      ).dataSync()[0]!
      expect(weighted).toBeCloseTo(twice, 6)
      expect(loss(labels, scores, reshape(weights, [3, 1])).dataSync()[0]).toBe(weighted)
      expect(loss(labels, scores).dataSync()[0]).not.toBeCloseTo(weighted, 2)
    },
  )

  it('aucPairwise in pairs can be differentiated twice', () => {
    const slope = (x: Tensor) =>
      valueAndGrad((s: Tensor) => aucPairwise()(tensor1d([1, 0]), s))(x).grad
    const { grad } = valueAndGrad((x: Tensor) => reshape(slice(slope(x), 0, 1), []))(
      tensor1d([0, 0.5]),
    )
    expect([...grad.dataSync()]).toEqual([2, -2])
  })

  it.each(forms)('aucPairwise, %s, leaves no tensors, with sample weights too', async (form) => {
    const all = manySamples(20)
    const [labels, scores, weights] = [
      tensor1d(all.labels),
      tensor1d(all.scores),
      tensor1d(all.weights),
    ]
    await expect(() => aucPairwise({ form })(labels, scores, weights).dispose()).toLeaveNoTensors()
    await expect(() => onTensors(all, form)).not.toLeaveNoTensors() // its inputs
    await expect(() => tidy(() => void onTensors(all, form))).toLeaveNoTensors()
  })

  it("aucPairwise remembers its settings and not the caller's list", () => {
    const weights = [1, 2]
    const loss = aucPairwise({ weights, margin: 2, form: 'scan' })
    weights[0] = 9
    expect(loss.settings).toEqual({
      margin: 2,
      weights: [1, 2],
      positiveClass: 1,
      output: 'auto',
      form: 'scan',
    })
    expect(() => aucPairwise({ worst: 0.1 } as object)).toThrow(
      new TypeError(
        'Cannot make aucPairwise: expected options among margin, weights, positiveClass, output, form, got worst',
      ),
    )
  })

  it('aucPairwise rejects a margin, weights and a form out of range', () => {
    const cannot = 'Cannot make aucPairwise: expected'
    for (const wrong of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      const message = `${cannot} margin to be a finite number above 0, got ${wrong}`
      expect(() => aucPairwise({ margin: wrong })).toThrow(new RangeError(message))
    }
    expect(() => aucPairwise({ margin: '1' as unknown as number })).toThrow(TypeError)
    const wanted = 'to be a finite number of at least 0, got'
    expect(() => aucPairwise({ weights: -1 })).toThrow(
      new RangeError(`${cannot} weights ${wanted} -1`),
    )
    expect(() => aucPairwise({ weights: [1, -1] })).toThrow(
      new RangeError(`${cannot} weights[1] ${wanted} -1`),
    )
    expect(() => aucPairwise({ weights: [1] })).toThrow(
      new TypeError(`${cannot} weights to hold one number per class, got 1`),
    )
    expect(() => aucPairwise({ weights: [{}, 1] as number[] })).toThrow(TypeError)
    expect(() => aucPairwise({ form: 'sort' as 'scan' })).toThrow(
      new RangeError(`${cannot} form to be 'auto' or 'pairs' or 'scan', got "sort"`),
    )
  })

  it('aucPairwise rejects class weights and sample weights that do not fit the batch', () => {
    const cannot = 'Cannot compute aucPairwise: expected'
    const two = aucPairwise({ weights: [1, 2] })
    expect(() => two(tensor1d([1]), tensor([1, 2, 3], [1, 3]))).toThrow(
      new TypeError(`${cannot} one weight for each of 3 classes, got 2`),
    )
    const loss = aucPairwise()
    const batch = [tensor1d([1, 0]), tensor1d([1, 0])] as const
    const wanted = 'sampleWeights of shape [2] or [2, 1], got'
    expect(() => loss(...batch, ones([3]))).toThrow(new TypeError(`${cannot} ${wanted} [3]`))
    expect(() => loss(...batch, ones([2, 2]))).toThrow(new TypeError(`${cannot} ${wanted} [2,2]`))
    expect(() => loss(...batch, [1, 1] as unknown as Tensor)).toThrow(
      new TypeError(`${cannot} ${wanted} 1,1`),
    )
  })
})
