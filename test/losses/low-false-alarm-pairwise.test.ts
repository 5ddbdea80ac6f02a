import { tensor1d, tidy } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aucPairwise } from '../../src/losses/auc-pairwise.js'
import { highRecallPairwise } from '../../src/losses/high-recall-pairwise.js'
import {
  type LowFalseAlarmPairwiseOptions,
  lowFalseAlarmPairwise,
} from '../../src/losses/low-false-alarm-pairwise.js'
import { distance, gradientOf, sum } from './gradient-of.js'
import { asPairwiseBatch, forms, manySamples, pairwiseCases, samples } from './pairwise-cases.js'

const all = manySamples(40)
const labels = () => tensor1d(all.labels)
const scores = () => tensor1d(all.scores)
const of = (options: LowFalseAlarmPairwiseOptions) =>
  gradientOf(lowFalseAlarmPairwise(options), labels(), scores())

describe('lowFalseAlarmPairwise', () => {
  it.each(pairwiseCases('lowFalseAlarmPairwise'))(
    'lowFalseAlarmPairwise agrees with PyTorch: $title',
    (golden) => {
      const { loss, labels: shapes, outputs } = asPairwiseBatch(golden)
      for (const yTrue of shapes) {
        const { value, gradient } = gradientOf(loss, yTrue, outputs)
        expect(distance([value], [golden.value])).toBeLessThan(5e-6)
        expect(distance(gradient, golden.gradient)).toBeLessThan(5e-6)
      }
    },
  )

  it.each(forms)('lowFalseAlarmPairwise, %s, mirrors highRecallPairwise', (form) => {
    fc.assert(
      fc.property(samples, fc.constantFrom(0.1, 0.34, 0.9), (drawn, share) => {
        const turned = {
          labels: drawn.labels.map((y) => 1 - y),
          scores: drawn.scores.map((s) => -s),
        }
        const [low, high] = tidy(() => [
          gradientOf(
            (y, x) =>
              lowFalseAlarmPairwise({ hardest: share, form })(y, x, tensor1d(drawn.weights)),
            tensor1d(drawn.labels),
            tensor1d(drawn.scores),
          ),
          gradientOf(
            (y, x) => highRecallPairwise({ worst: share, form })(y, x, tensor1d(drawn.weights)),
            tensor1d(turned.labels),
            tensor1d(turned.scores),
          ),
        ])
        expect(distance([low!.value], [high!.value])).toBeLessThan(1e-5)
        const mirrored = Array.from(high!.gradient, (slope) => -slope)
        expect(distance(low!.gradient, mirrored)).toBeLessThan(1e-5)
      }),
      { numRuns: 50 },
    )
  })

  it('lowFalseAlarmPairwise with all negatives, or a high temperature, is aucPairwise', () => {
    const whole = gradientOf(aucPairwise({ margin: 2 }), labels(), scores())
    expect(of({ hardest: 1, margin: 2 })).toEqual(whole)
    const hot = of({ temperature: 1e5, margin: 2 })
    expect(distance([hot.value], [whole.value])).toBeLessThan(0.05)
    expect(distance([of({ temperature: 1, margin: 2 }).value], [whole.value])).toBeGreaterThan(0.1)
  })

  it('lowFalseAlarmPairwise is the larger the fewer negatives count, and the colder it is', () => {
    const shares = [1, 0.5, 0.2, 0.05].map((hardest) => of({ hardest }).value)
    const cold = [100, 10, 1, 0.1].map((temperature) => of({ temperature }).value)
    for (const values of [shares, cold]) {
      expect(values).toEqual([...values].sort((a, b) => a - b))
      expect(values.at(-1)! / values[0]!).toBeGreaterThan(1.5)
    }
    // The highest negative alone bounds the soft form from above.
    expect(cold.at(-1)!).toBeLessThanOrEqual(of({ hardest: 0.001 }).value)
    const both = of({ temperature: 1, positiveTemperature: 1 }).value
    expect(both).toBeGreaterThan(of({ temperature: 1 }).value)
  })

  it('lowFalseAlarmPairwise sums its gradient to zero', () => {
    const kinds = [
      ...[{ hardest: 0.2 }, { hardest: 0.2, worst: 0.5 }],
      ...[{ temperature: 1 }, { temperature: 1, positiveTemperature: 2 }],
    ]
    for (const options of kinds) {
      const { gradient } = of(options)
      expect(Math.abs(sum(gradient))).toBeLessThan(1e-5)
      expect(Math.max(...gradient)).toBeGreaterThan(0.01)
    }
  })

  it.each([
    [{}, TypeError],
    [{ hardest: 0.1, temperature: 1 }, TypeError],
    [{ hardest: 0.1, positiveTemperature: 1 }, TypeError],
    [{ temperature: 1, worst: 0.5 }, TypeError],
    [{ hardest: 0 }, RangeError],
    [{ hardest: 1.5 }, RangeError],
    [{ temperature: 0 }, RangeError],
    [{ temperature: 1, form: 'scan' }, RangeError],
  ] as const)('lowFalseAlarmPairwise rejects %j', (options, kind) => {
    const make = () => lowFalseAlarmPairwise(options as LowFalseAlarmPairwiseOptions)
    expect(make).toThrow(kind)
    expect(make).toThrow(/^Cannot make lowFalseAlarmPairwise: expected .*, got /)
  })
})
