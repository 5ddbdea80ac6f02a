import { abs, add, type Tensor } from '@tensorflow/tfjs-core'
import { expect, expectTypeOf, test } from 'vitest'
import { needing } from '../../src/criteria/needing.js'
import { taylor } from '../../src/criteria/taylor.js'
import { computeMask } from '../../src/step/compute-mask.js'
import type { ScoredWeight } from '../../src/types.js'
import { refusalOf } from '../support/refusal-of.js'
import { smallModel } from '../support/small-models.js'
import { list, scoresByHand, scoresIn } from './scores-of.js'

test('needing attaches needs and options, and leaves the function as it is', () => {
  const score = ({ gradient }: { gradient: Tensor }) => abs(gradient)
  const criterion = needing(['gradient'], score, { at: 'initial', steps: 3 })
  const { gather, ...declared } = criterion
  expect(declared).toEqual({ needs: ['gradient'], at: 'initial', steps: 3 })
  expect(gather).toBe(taylor().gather)
  expect(Object.keys(score)).toEqual([])
  const { at, steps } = needing(['flow', 'movement'], ({ flow }) => flow)
  expect([at, steps]).toEqual(['trained', 1])
  expect(scoresByHand(criterion, { gradient: list(-2) })).toEqual([2])
})

test('needing shows statistics of all samples as tensors, and those of classes through ofClass', () => {
  needing(['gradient', { statistic: 'inputNorm', class: 1 }], (weight) => {
    expectTypeOf(weight.gradient).toEqualTypeOf<Tensor>()
    expectTypeOf(weight.ofClass).toEqualTypeOf<(index: number) => ScoredWeight>()
    expectTypeOf(weight.flow).toEqualTypeOf<Tensor | undefined>()
    return weight.gradient
  })
})

test('needing gets from computeMask what it asks for, of all samples and of a class', async () => {
  const model = smallModel()
  const samples = {
    xs: [
      [1, 2, 3, 4],
      [0, 0, 0, 1],
      [1, 0, 0, 0],
    ],
    ys: [0, 1, 1],
  }
  const criterion = needing(
    ['inputNorm', { statistic: 'inputNorm', class: 1 }],
    ({ final, inputNorm, ofClass }) => {
      return add(add(final, inputNorm), add(final, ofClass(1).inputNorm!))
    },
  )
  const scores = await scoresIn(model, criterion, { samples, select: { include: 'hidden/kernel' } })
  const kernel = model.layers[0]!.getWeights()[0]!.dataSync()
  const norms = [Math.SQRT2 + 1, 2, 3, Math.sqrt(17) + 1]
  scores['hidden/kernel']!.forEach((score, i) => {
    expect(score).toBeCloseTo(2 * kernel[i]! + norms[Math.floor(i / 6)]!, 5)
  })
  await expect(() => computeMask(model, { density: 0.5, criterion, samples })).toLeaveNoTensors()
  model.dispose()
})

test('needing refuses a weight without a statistic', () => {
  const criterion = needing(
    ['gradient', { statistic: 'gradient', class: 2 }],
    ({ gradient }) => gradient,
  )
  const parts = { gradient: list(1) }
  expect(refusalOf(() => scoresByHand(criterion, {}))).toBe(
    'TypeError: Cannot score out/kernel: expected its gradient, got none',
  )
  for (const shown of [parts, { ...parts, ofClass: () => ({}) }]) {
    expect(refusalOf(() => scoresByHand(criterion, shown))).toBe(
      'TypeError: Cannot score out/kernel: expected its gradient of class 2, got none',
    )
  }
  expect(scoresByHand(criterion, { ...parts, ofClass: () => parts })).toEqual([1])
})

test.each<[unknown[], string]>([
  [
    [['gradient'], undefined],
    'TypeError: Cannot make a criterion: expected a function that scores, got undefined',
  ],
  [['gradient', abs], 'TypeError: Cannot score: expected a list as needs, got string'],
  [
    [['hessian'], abs],
    'RangeError: Cannot score: expected needs among gradient, squaredGradient, unitSaliency, inputNorm, inputProducts, ' +
      'zeroShare, batchNormScale, flow, movement, got hessian',
  ],
  [
    [[{ statistic: 'gradient', class: -1 }], abs],
    'RangeError: Cannot score: expected a class index for gradient, got -1',
  ],
  [
    [['gradient'], abs, { at: 'end' }],
    "RangeError: Cannot make a criterion: expected at to be 'trained' or 'initial', got \"end\"",
  ],
  [
    [['gradient'], abs, { steps: 1.5 }],
    'RangeError: Cannot make a criterion: expected steps to be a whole number of at least 1, got 1.5',
  ],
  [
    [['gradient'], abs, { step: 2 }],
    'TypeError: Cannot make a criterion: expected options among at, steps, got step: did you mean steps?',
  ],
])('needing refuses %j', (args, message) => {
  expect(refusalOf(() => needing(...(args as Parameters<typeof needing>)))).toBe(message)
})
