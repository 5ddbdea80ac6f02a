import { layers, sequential } from '@tensorflow/tfjs-layers'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { globally } from '../../src/allocate/globally.js'
import { perLayer } from '../../src/allocate/per-layer.js'
import { selectWeights } from '../../src/select/select-weights.js'
import type { WeightLimit } from '../../src/select/weight-limits.js'
import { computeMask } from '../../src/step/compute-mask.js'
import { refusalOf } from '../support/refusal-of.js'

/** `hidden/kernel` with 100 elements, `out/kernel` with 20. */
const model = () =>
  sequential({
    layers: [
      layers.dense({ name: 'hidden', units: 10, inputShape: [10] }),
      layers.dense({ name: 'out', units: 2 }),
    ],
  })
const boundsOf = (...limits: WeightLimit[]) =>
  Object.fromEntries(
    selectWeights(model(), { limits }).weights.map(({ layer, minimumKept, maximumKept }) => [
      layer,
      [minimumKept, maximumKept],
    ]),
  )

test.each<[WeightLimit[], [number, number], [number, number]]>([
  [[], [1, 100], [1, 20]],
  [[{ include: 'out', minimumKept: 8 }], [1, 100], [8, 20]],
  [[{ include: /kernel/, minimumKept: 50 }], [50, 100], [20, 20]],
  [[{ include: 'hidden', maximumKept: 30 }], [1, 30], [1, 20]],
  [[{ include: /kernel/, maximumKept: 1000 }], [1, 100], [1, 20]],
  [[{ include: /kernel/, minimumDensity: 0.11 }], [11, 100], [3, 20]],
  [[{ include: /kernel/, maximumDensity: 0.11 }], [1, 11], [1, 2]],
  [[{ include: /kernel/, maximumDensity: 0.001 }], [1, 1], [1, 1]],
  [[{ include: /kernel/, minimumDensity: 0 }], [1, 100], [1, 20]],
  [[{ include: /kernel/, minimumDensity: 1 }], [100, 100], [20, 20]],
  [
    [
      {
        include: 'hidden',
        minimumKept: 5,
        minimumDensity: 0.2,
        maximumKept: 40,
        maximumDensity: 0.3,
      },
    ],
    [20, 30],
    [1, 20],
  ],
])('selectWeights bounds by the limits %j', (limits, hidden, out) => {
  expect(boundsOf(...limits)).toEqual({ hidden, out })
})

test('selectWeights takes the narrowest of several limits', () => {
  const limits: WeightLimit[] = [
    { include: /kernel/, minimumKept: 4, maximumDensity: 0.9 },
    { include: 'hidden', minimumKept: 2, maximumKept: 60 },
    { include: () => true, minimumDensity: 0.1 },
  ]
  expect(boundsOf(...limits)).toEqual({ hidden: [10, 60], out: [4, 18] })
})

test('selectWeights rounds shares to whole elements as they are written, not as they are stored', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), (percent) => {
      const share = percent / 100
      expect(
        boundsOf({ include: 'hidden', minimumDensity: share, maximumDensity: share }).hidden,
      ).toEqual([percent, percent])
    }),
  )
})

test.each([perLayer, globally])('computeMask keeps the limits with $name', async (allocate) => {
  const limits = [
    { include: 'out', minimumKept: 12 },
    { include: 'hidden', maximumDensity: 0.2 },
  ]
  const counts = await Promise.all(
    [0.5, 0.05].map(async (density) => {
      const { weights } = await computeMask(model(), {
        density,
        allocate: allocate(),
        select: { limits },
      })
      return weights.map(({ kept }) => kept)
    }),
  )
  for (const [hidden, out] of counts) {
    expect(hidden).toBeLessThanOrEqual(20)
    expect(out).toBeGreaterThanOrEqual(12)
  }
})

const conflict =
  'RangeError: Cannot select weights: expected limits of out/kernel that leave room, '
const options = 'include, minimumKept, maximumKept, minimumDensity, maximumDensity'
const wrong = (option: string, wanted: string) =>
  `Error: Cannot select weights: expected ${option} to be ${wanted}`
const least = 'a whole number of at least 1'

test.each<[WeightLimit[], string]>([
  [[{ include: 'out', minimumKept: 5, maximumKept: 4 }], `${conflict}got at least 5 and at most 4`],
  [
    [
      { include: 'out', minimumDensity: 0.5 },
      { include: /kernel/, maximumDensity: 0.4 },
    ],
    `RangeError: Cannot select weights: expected limits of out/kernel that leave room, got at least 10 and at most 8`,
  ],
  [[{ include: 'out', minimumKept: 0 }], `Range${wrong('minimumKept', least)}, got 0`],
  [[{ include: 'out', minimumKept: 1.5 }], `Range${wrong('minimumKept', least)}, got 1.5`],
  [[{ include: 'out', maximumKept: 0 }], `Range${wrong('maximumKept', least)}, got 0`],
  [[{ include: 'out', maximumKept: Number.NaN }], `Range${wrong('maximumKept', least)}, got NaN`],
  [
    [{ include: 'out', minimumDensity: -0.1 }],
    `Range${wrong('minimumDensity', 'a share in [0, 1]')}, got -0.1`,
  ],
  [
    [{ include: 'out', minimumDensity: 1.1 }],
    `Range${wrong('minimumDensity', 'a share in [0, 1]')}, got 1.1`,
  ],
  [
    [{ include: 'out', maximumDensity: 0 }],
    `Range${wrong('maximumDensity', 'a share in (0, 1]')}, got 0`,
  ],
  [
    [{ include: 'out', maximumDensity: Number.NaN }],
    `Range${wrong('maximumDensity', 'a share in (0, 1]')}, got NaN`,
  ],
  [
    [{ include: 'out', minimumDensity: '0.5' as unknown as number }],
    `Type${wrong('minimumDensity', 'a share in [0, 1]')}, got "0.5"`,
  ],
  [
    [{ include: 'out', minDensity: 0.5 } as WeightLimit],
    `TypeError: Cannot select weights: expected options among ${options}, got minDensity: did you mean minimumDensity?`,
  ],
  [
    [null as unknown as WeightLimit],
    'TypeError: Cannot select weights: expected an object of options with include, got null',
  ],
  [
    [{ include: 'lost', minimumKept: 2 }],
    'RangeError: Cannot select weights: expected limits to name one of hidden/kernel, out/kernel, got lost',
  ],
  [
    [{ include: undefined as never }],
    'TypeError: Cannot select weights: expected a name, RegExp or function in limits, got undefined',
  ],
])('selectWeights refuses the limits %j', (limits, message) => {
  expect(refusalOf(() => selectWeights(model(), { limits }))).toBe(message)
})
