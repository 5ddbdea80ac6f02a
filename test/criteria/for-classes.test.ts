import { tensor2d } from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { averagePercentageOfZeros } from '../../src/criteria/average-percentage-of-zeros.js'
import { fisher } from '../../src/criteria/fisher.js'
import { forClasses } from '../../src/criteria/for-classes.js'
import { magnitude } from '../../src/criteria/magnitude.js'
import { movement } from '../../src/criteria/movement.js'
import { normalised } from '../../src/criteria/normalised.js'
import { snip } from '../../src/criteria/snip.js'
import { synFlow } from '../../src/criteria/syn-flow.js'
import { taylor } from '../../src/criteria/taylor.js'
import { unitTaylor } from '../../src/criteria/unit-taylor.js'
import { wanda } from '../../src/criteria/wanda.js'
import { weightedSum } from '../../src/criteria/weighted-sum.js'
import { weightedCrossentropy } from '../../src/losses/weighted-crossentropy.js'
import { computeMask } from '../../src/step/compute-mask.js'
import type { Criterion, Loss } from '../../src/types.js'
import { distance } from '../losses/gradient-of.js'
import { refusalOf } from '../support/refusal-of.js'
import { smallModel } from '../support/small-models.js'
import { randomValues } from '../support/weights.js'
import { list, scoresByHand, scoresIn } from './scores-of.js'

const YS = [0, 1, 0, 0, 1, 0, 0]
const XS = YS.map((_, i) => [...randomValues(4, 20 + i)])
// Without settings, so that samples of one class will do.
const loss: Loss = (yTrue, yPred) => weightedCrossentropy()(yTrue, yPred)
const samplesOf = (...classes: readonly number[]) => {
  const rows = YS.flatMap((label, i) => (classes.includes(label) ? [i] : []))
  return { xs: rows.map((i) => XS[i]!), ys: rows.map((i) => YS[i]!), batchSize: 2, loss }
}

test('forClasses sums the scores of the classes, each times its weight', () => {
  const criterion = forClasses(taylor(), { 0: 2, 3: 0.5 })
  const parts = {
    final: list(1, 2, 3),
    ofClass: (index: number) => ({
      final: list(1, 2, 3),
      squaredGradient: index === 3 ? list(4, 0, 2) : list(1, 1, 0),
    }),
  }
  const scores = scoresByHand(criterion, parts)
  const wanted = [2 * 1 + 0.5 * 4, 2 * 4, 0.5 * 18]
  expect(scores.map((score) => Number(score.toFixed(5)))).toEqual(wanted)
})

test('forClasses asks for statistics of the weighted classes alone, as and when the criterion wants them', () => {
  expect({ ...forClasses(snip(), [0, 1, 5]) }).toEqual({
    needs: [
      { statistic: 'gradient', class: 1 },
      { statistic: 'gradient', class: 2 },
    ],
    at: 'initial',
    steps: 1,
    gather: snip().gather,
  })
})

const members: Record<string, () => Criterion> = {
  taylor,
  unitTaylor,
  snip,
  fisher,
  wanda,
  averagePercentageOfZeros,
}

test.each(Object.keys(members))(
  'forClasses of %s is the criterion on the samples of the class alone',
  async (name) => {
    const model = smallModel()
    const make = members[name]!
    for (const index of [0, 1]) {
      const wanted = await scoresIn(model, make(), { samples: samplesOf(index) })
      const scores = await scoresIn(model, forClasses(make(), { [index]: 1 }), {
        samples: samplesOf(0, 1),
      })
      expect(scores).toEqual(wanted)
    }
    model.dispose()
  },
)

test('forClasses composes: normalised for each class before the sum, or after it', async () => {
  const model = smallModel()
  const samples = samplesOf(0, 1)
  const alone = [
    await scoresIn(model, taylor(), { samples: samplesOf(0) }),
    await scoresIn(model, taylor(), { samples: samplesOf(1) }),
  ]
  const inner = await scoresIn(model, forClasses(normalised(taylor(), 'sum'), [1, 5]), { samples })
  const outer = await scoresIn(model, normalised(forClasses(taylor(), [1, 5]), 'sum'), { samples })
  const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)
  for (const weight of Object.keys(inner)) {
    const [zero, one] = alone.map((scores) => scores[weight]!)
    const sum = zero!.map((score, i) => score + 5 * one![i]!)
    zero!.forEach((_, i) => {
      expect(inner[weight]![i]).toBeCloseTo(
        zero![i]! / total(zero!) + (5 * one![i]!) / total(one!),
        5,
      )
      expect(outer[weight]![i]).toBeCloseTo(sum[i]! / total(sum), 5)
    })
  }
  model.dispose()
})

test('forClasses stands beside criteria of all samples in a sum', async () => {
  const model = smallModel()
  const samples = samplesOf(0, 1)
  const [all, rare] = [
    await scoresIn(model, taylor(), { samples }),
    await scoresIn(model, taylor(), { samples: samplesOf(1) }),
  ]
  const criterion = weightedSum([
    { criterion: taylor(), weight: 1 },
    { criterion: forClasses(taylor(), { 1: 10 }), weight: 0.5 },
  ])
  const scores = await scoresIn(model, criterion, { samples })
  for (const [weight, values] of Object.entries(scores)) {
    const wanted = all[weight]!.map((score, i) => score + 5 * rare[weight]![i]!)
    expect(distance(values, wanted)).toBeLessThan(1e-5)
  }
  model.dispose()
})

/**
 * Two detectors in one network: units 0 to 2 see the first input and vote for class 0, units 3 to 5
 * see the second and vote for class 1, which has 2 samples in 100.
 */
function twoDetectors() {
  const model = sequential({
    layers: [
      layers.dense({
        name: 'hidden',
        units: 6,
        activation: 'relu',
        inputShape: [2],
        useBias: false,
      }),
      layers.dense({ name: 'out', units: 2, useBias: false }),
    ],
  })
  const first = [0, 1, 2].map(() => 1)
  const none = [0, 0, 0]
  model.setWeights([
    tensor2d([
      [...first, ...none],
      [...none, ...first],
    ]),
    tensor2d([...first.map(() => [0.5, -0.5]), ...first.map(() => [-0.5, 0.5])]),
  ])
  const ys = Array.from({ length: 100 }, (_, i) => Number(i % 50 === 49))
  return {
    model,
    samples: { xs: ys.map((label) => (label === 1 ? [0, 1] : [1, 0])), ys, batchSize: 10 },
  }
}

test.each<[string, () => Criterion]>([
  ['taylor', taylor],
  ['fisher', fisher],
  ['snip', snip],
  // A norm over more samples is larger: the scale of each class goes first.
  ['wanda', () => normalised(wanda({ compare: 'layer' }), 'sum')],
])('forClasses of %s keeps the weights that only the rare class uses', async (_, make) => {
  const { model, samples } = twoDetectors()
  const keptOfRare = async (criterion: Criterion) => {
    const { weights } = await computeMask(model, { density: 0.25, criterion, samples })
    const [hidden, out] = weights
    // Each detector has three weights in the first layer and six in the second; 3 of 12 stay in
    // each.
    return [hidden!.values.slice(9).join(''), out!.values.slice(6).join('')]
  }
  expect(await keptOfRare(make())).toEqual(['000', '000000'])
  const [hidden, out] = await keptOfRare(forClasses(make(), { 0: 1, 1: 5 }))
  expect(hidden).toBe('111')
  expect(out).toMatch(/1.*1.*1/)
  model.dispose()
})

test('forClasses leaves no tensor behind and the model as it was', async () => {
  const model = smallModel()
  const samples = samplesOf(0, 1)
  const before = model.getWeights().map((weight) => [...weight.dataSync()])
  const criterion = forClasses(taylor(), [1, 5])
  await expect(() => computeMask(model, { density: 0.5, criterion, samples })).toLeaveNoTensors()
  expect(model.getWeights().map((weight) => [...weight.dataSync()])).toEqual(before)
  model.dispose()
})

const looks = 'expected a criterion that looks at samples'

test.each<[string, () => unknown, string]>([
  [
    'weights alone',
    () => forClasses(magnitude(), [1, 1]),
    `RangeError: Cannot make forClasses: ${looks}, got one that looks at weights alone`,
  ],
  [
    'flow',
    () => forClasses(synFlow(), [1, 1]),
    `RangeError: Cannot make forClasses: ${looks}, got one that needs flow`,
  ],
  [
    'movement in a sum',
    () =>
      forClasses(
        weightedSum([
          { criterion: taylor(), weight: 1 },
          { criterion: movement(), weight: 1 },
        ]),
        [1, 1],
      ),
    `RangeError: Cannot make forClasses: ${looks}, got one that needs movement`,
  ],
  [
    'classes of classes',
    () => forClasses(forClasses(taylor(), [1, 1]), [1, 1]),
    'RangeError: Cannot make forClasses: expected a criterion of all samples, got one of class 0',
  ],
  [
    'no criterion',
    () => forClasses([1, 1] as never, taylor() as never),
    'TypeError: Cannot make forClasses: expected a function as criterion, got a list',
  ],
  [
    'no classes',
    () => forClasses(taylor(), {}),
    'RangeError: Cannot make forClasses: expected a class whose weight is not 0, got none',
  ],
  [
    'zeros',
    () => forClasses(taylor(), [0, 0]),
    'RangeError: Cannot make forClasses: expected a class whose weight is not 0, got none',
  ],
  [
    'a class by name',
    () => forClasses(taylor(), { melanoma: 1 } as never),
    'RangeError: Cannot make forClasses: expected class indices as keys of classes, got "melanoma"',
  ],
  ...['classes', '', '-1', '1.5', '01', 'NaN'].map((key): [string, () => unknown, string] => [
    `the key '${key}'`,
    () => forClasses(taylor(), { [key]: 1 } as never),
    `RangeError: Cannot make forClasses: expected class indices as keys of classes, got "${key}"`,
  ]),
  [
    'a weight that is NaN',
    () => forClasses(taylor(), [1, Number.NaN]),
    'RangeError: Cannot make forClasses: expected the weight of class 1 to be a finite number, got NaN',
  ],
  [
    'a number',
    () => forClasses(taylor(), 5 as never),
    'TypeError: Cannot make forClasses: expected the weight of each class by its index, got 5',
  ],
  [
    'a weight without classes',
    () => scoresByHand(forClasses(taylor(), [1, 1]), { squaredGradient: list(1) }),
    'TypeError: Cannot score out/kernel: expected statistics by class, got none',
  ],
])('forClasses refuses %s', (_, make, message) => {
  expect(refusalOf(make)).toBe(message)
})

test('forClasses refuses samples without one of its classes', async () => {
  const model = smallModel()
  const options = { density: 0.5, criterion: forClasses(taylor(), [1, 5]), samples: samplesOf(0) }
  await expect(computeMask(model, options)).rejects.toThrow(
    'expected samples of class 1 for its squaredGradient, got none',
  )
  model.dispose()
})
