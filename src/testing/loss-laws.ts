import { memory, tidy } from '@tensorflow/tfjs-core'
import type { Loss } from '../types.js'
import { expectSame, expectThat } from './expectations.js'
import type { Law } from './law.js'
import { asTwoColumns, asVector, logitShapes, lossOn, mixedBatch } from './loss-batches.js'
import {
  expectClose,
  expectRefused,
  onExtremes,
  onProbabilities,
  reordered,
} from './loss-trials.js'

/**
 * The duties of a {@link Loss} of two classes, on logits and class indices `[n]`. A loss of yours
 * that may fall below 0 breaks one law, `is never negative`: leave that one out. Runs on the
 * backend that is set.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu'
 * import { focal } from 'tfjs-prune/losses'
 * import { lossLaws } from 'tfjs-prune/testing'
 *
 * for (const { check } of lossLaws) await check(() => focal({ focusing: 1 }))
 * ```
 */
export const lossLaws: readonly Law<Loss>[] = [
  {
    law: 'returns a float32 scalar',
    check: (make) =>
      tidy(() => {
        for (const asOutputs of Object.values(logitShapes)) {
          const { labels, scores } = mixedBatch
          const cost = make()(asVector(labels), asOutputs(scores))
          expectSame(cost?.dtype, 'float32', 'the type')
          expectSame([...cost.shape], [], 'the shape')
        }
      }),
  },
  {
    law: 'is finite, and so is its gradient, on extreme batches',
    check: (make) =>
      onExtremes(make(), ({ value, gradient }, where) => {
        expectThat([value, ...gradient].every(Number.isFinite), `finite values ${where}`, [
          value,
          ...gradient,
        ])
      }),
  },
  {
    law: 'is never negative',
    check: (make) =>
      onExtremes(make(), ({ value }, where) =>
        expectThat(!(value < 0), `a loss of at least 0 ${where}`, value),
      ),
  },
  {
    law: 'is the same for one output z and the two outputs -z/2 and z/2',
    check: (make) => {
      const one = lossOn(make(), mixedBatch)
      const column = lossOn(make(), mixedBatch, logitShapes['[n, 1]'])
      const two = lossOn(make(), mixedBatch, asTwoColumns)
      expectClose([column.value, two.value], [one.value, one.value], 'the values')
      expectClose(column.gradient, one.gradient, 'the gradient of one column')
      const both = one.gradient.flatMap((slope) => [-slope, slope])
      expectClose(two.gradient, both, 'the gradient of two columns')
    },
  },
  {
    law: 'is NaN where a score is, so that a diverged training shows',
    check: (make) => {
      const batch = { labels: [1, 0, 0], scores: [1, Number.NaN, 2] }
      for (const asOutputs of Object.values(logitShapes))
        expectSame(lossOn(make(), batch, asOutputs).value, Number.NaN, 'the loss')
      const bound = make().forOutput?.('probabilities')
      if (!bound) return
      for (const columns of [1, 2] as const)
        expectSame(onProbabilities(bound, batch, columns), Number.NaN, 'the loss of probabilities')
    },
  },
  {
    law: 'is the same in any order of the samples',
    check: (make) => {
      const { value } = lossOn(make(), mixedBatch)
      for (const order of [
        [4, 3, 2, 1, 0],
        [2, 0, 4, 1, 3],
      ])
        expectClose([lossOn(make(), reordered(mixedBatch, order)).value], [value], 'the loss')
    },
  },
  {
    law: 'is less when all are right than when all are wrong',
    check: (make) => {
      const labels = [1, 0, 1, 0]
      const right = lossOn(make(), { labels, scores: [2, -1.5, 1, -3] }).value
      const wrong = lossOn(make(), { labels, scores: [-2, 1.5, -1, 3] }).value
      const isLess = wrong - right > 1e-5 * Math.abs(wrong)
      expectThat(isLess, `less than ${wrong} by more than the rounding when all are right`, right)
    },
  },
  {
    law: 'falls along its own gradient',
    check: (make) => {
      const { labels, scores } = mixedBatch
      const { value, gradient } = lossOn(make(), mixedBatch)
      const length = Math.hypot(...gradient)
      const values = [1, 0.1, 0.01].map((step) => {
        const moved = scores.map((score, i) => score - (step * gradient[i]!) / length)
        return lossOn(make(), { labels, scores: moved }).value
      })
      expectThat(
        values.some((after) => after < value),
        `less than ${value} after a step`,
        values,
      )
    },
  },
  {
    law: 'leaves no tensor behind but the one that it returns',
    check: (make) => {
      const loss = make()
      const labels = asVector(mixedBatch.labels)
      const outputs = asVector(mixedBatch.scores)
      const before = memory().numTensors
      const cost = loss(labels, outputs)
      const left = memory().numTensors - before
      for (const one of [cost, labels, outputs]) one.dispose()
      expectSame(left, 1, 'the number of new tensors')
      const atRest = memory().numTensors
      lossOn(loss, mixedBatch)
      expectSame(memory().numTensors, atRest, 'the number of tensors after a gradient')
    },
  },
  {
    law: 'refuses labels that are not as many as the outputs',
    check: (make) => {
      expectRefused(make(), 2, 3)
      expectRefused(make(), 3, 2)
    },
  },
  {
    law: 'answers rows as it answers tensors, if it takes rows',
    check: (make) => {
      const loss = make()
      if (!loss.onRows) return
      const { labels, scores } = mixedBatch
      const rows = (values: readonly number[]) => ({
        values: Float32Array.from(values),
        shape: [values.length],
      })
      const { value, gradient } = loss.onRows(rows(labels), rows(scores))
      const wanted = lossOn(loss, mixedBatch)
      expectClose([value], [wanted.value], 'the loss of rows')
      expectClose([...gradient], wanted.gradient, 'the gradient of rows')
    },
  },
  {
    law: 'answers logits and probabilities alike, if it follows the output of a model',
    check: (make) => {
      const loss = make()
      if (!loss.forOutput) return
      const { value } = lossOn(loss, mixedBatch)
      expectClose([lossOn(loss.forOutput('logits'), mixedBatch).value], [value], 'of logits')
      const bound = loss.forOutput('probabilities')
      const both = [1, 2] as const
      const values = both.map((columns) => onProbabilities(bound, mixedBatch, columns))
      expectClose(values, [value, value], 'the loss of probabilities')
    },
  },
]
