import {
  dispose,
  eye,
  memory,
  mul,
  randomNormal,
  type Tensor,
  type TensorContainer,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type LayerwiseObsOptions, layerwiseObs } from '../../src/criteria/layerwise-obs.js'
import { magnitude } from '../../src/criteria/magnitude.js'
import { needing } from '../../src/criteria/needing.js'
import { assignValues } from '../../src/internal/weight-values.js'
import { pruneWeights } from '../../src/step/prune-weights.js'
import type { Criterion, ScoredWeight } from '../../src/types.js'
import { criterionConformance } from '../contract/criterion.js'
import golden from '../golden/obs.json' with { type: 'json' }
import { largestError, weightOf } from '../statistics/support.js'
import { refusalOf } from '../support/refusal-of.js'
import { fillWeights, randomValues } from '../support/weights.js'

// The suite's products are random numbers, not means of x x^T: the damping makes them positive
// definite.
criterionConformance('layerwiseObs', () => layerwiseObs({ damping: 100 }))

interface Layer {
  readonly shape: readonly number[]
  readonly products: ArrayLike<number>
  readonly weights: ArrayLike<number>
  readonly mask?: ArrayLike<number>
}

const like = (values: ArrayLike<number>, shape: readonly number[]): Tensor =>
  tensor(Float32Array.from(values), [...shape])

function withWeight<T extends TensorContainer>(
  { shape, products, weights, mask }: Layer,
  use: (weight: ScoredWeight) => T,
): T {
  return tidy(() => {
    const final = like(weights, shape)
    const size = Math.sqrt(products.length)
    const place = { name: 'a/kernel', layer: 'a', role: 'kernel', round: 1, initial: final, final }
    const before = like(mask ?? Array.from(weights, () => 1), shape)
    return use({ ...place, mask: before, inputProducts: like(products, [size, size]) })
  })
}

const scoresOf = (layer: Layer, options?: LayerwiseObsOptions) =>
  withWeight(layer, (weight) => [...layerwiseObs(options)(weight).dataSync()])

const movedBy = (layer: Layer, kept: ArrayLike<number>, options?: LayerwiseObsOptions) =>
  withWeight(layer, (weight) => [
    ...layerwiseObs(options).compensate!(weight, like(kept, layer.shape)).dataSync(),
  ])

/** Rows of correlated inputs, and the mean of x x^T. */
function inputsOf(size: number, { rows = 200, seed = 1 } = {}) {
  const noise = randomValues(rows * (size + 1), seed)
  const xs = Array.from({ length: rows }, (_, row) => {
    const own = [...noise.subarray(row * (size + 1), (row + 1) * (size + 1))]
    return own.slice(1).map((value) => value + own[0]!)
  })
  const products = Array.from({ length: size * size }, (_, at) => {
    const [i, j] = [Math.floor(at / size), at % size]
    return xs.reduce((sum, x) => sum + x[i]! * x[j]!, 0) / rows
  })
  return { xs, products }
}

/**
 * Mean over the samples of the squares by which the outputs of two kernels [inputs, units] differ.
 */
function distance(
  xs: readonly (readonly number[])[],
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): number {
  const units = a.length / xs[0]!.length
  let total = 0
  for (const x of xs) {
    for (let unit = 0; unit < units; unit++) {
      total +=
        x.reduce(
          (sum, value, i) => sum + value * (a[i * units + unit]! - b[i * units + unit]!),
          0,
        ) ** 2
    }
  }
  return total / xs.length
}

const cases = golden.cases.map(
  (entry, i) => [`${i}: [${entry.shape.join(', ')}], damping ${entry.damping}`, entry] as const,
)

describe('layerwiseObs against least squares in NumPy', () => {
  it.each(cases)(
    'layerwiseObs scores what an output loses without a weight, case %s',
    (_, { scores, ...layer }) => {
      const { damping } = layer
      expect(largestError(scoresOf(layer, { damping }), scores)).toBeLessThan(1e-6)
    },
  )

  it.each(cases)(
    'layerwiseObs compensates by least squares, case %s',
    (_, { exact, kept, ...layer }) => {
      const { damping } = layer
      expect(largestError(movedBy(layer, kept, { damping }), exact)).toBeLessThan(1e-6)
    },
  )

  it.each(cases)(
    'layerwiseObs compensates one after the other, case %s',
    (_, { sequential, kept, ...layer }) => {
      const { damping } = layer
      expect(
        largestError(movedBy(layer, kept, { damping, update: 'sequential' }), sequential),
      ).toBeLessThan(1e-6)
    },
  )
})

describe('layerwiseObs', () => {
  it('layerwiseObs takes the weight that others replace, not the smallest: worked out by hand', () => {
    // H = [[1, 0.8, 0], [0.8, 1, 0], [0, 0, 1]]: 1 / [H^-1]_qq is 0.36, 0.36 and 1.
    const layer = {
      shape: [3, 1],
      products: [1, 0.8, 0, 0.8, 1, 0, 0, 0, 1],
      weights: [2, -3, 1.5],
    }
    expect(largestError(scoresOf(layer, { damping: 0 }), [0.72, 1.62, 1.125])).toBeLessThan(1e-6)
    expect(largestError(movedBy(layer, [0, 1, 1], { damping: 0 }), [0, -1.4, 1.5])).toBeLessThan(
      1e-6,
    )
  })

  it.each([
    ['fewer stay', 0.3],
    ['fewer go', 0.7],
  ])('layerwiseObs moves weights to where no change improves them, when %s', (_, density) => {
    const whole = fc.record({
      size: fc.integer({ min: 2, max: 12 }),
      units: fc.integer({ min: 1, max: 4 }),
    })
    fc.assert(
      fc.property(
        whole,
        fc.integer({ min: 1, max: 1000 }),
        fc.constantFrom(0, 0.01),
        ({ size, units }, seed, damping) => {
          const { xs, products } = inputsOf(size, { seed })
          const weights = randomValues(size * units, seed + 1)
          const kept = randomValues(size * units, seed + 2).map((value) =>
            Number(value < 2 * density - 1),
          )
          const moved = movedBy({ shape: [size, units], products, weights }, kept, { damping })
          const shift =
            (damping * products.filter((_, i) => i % (size + 1) === 0).reduce((a, b) => a + b)) /
            size
          const loss = (values: ArrayLike<number>) =>
            distance(xs, values, weights) +
            shift * weights.reduce((sum, value, i) => sum + (values[i]! - value) ** 2, 0)
          const least = loss(moved)
          for (const [i, isKept] of kept.entries()) {
            if (isKept === 0) expect(moved[i]).toBe(0)
            else {
              for (const step of [-0.01, 0.01])
                expect(loss(moved.with(i, moved[i]! + step))).toBeGreaterThan(least)
            }
          }
        },
      ),
      { numRuns: 30 },
    )
  })

  it('layerwiseObs with uncorrelated inputs of one size orders as magnitude and moves nothing', () => {
    const weights = randomValues(40)
    const layer = { shape: [2, 5, 4], products: tidy(() => mul(eye(10), 3).dataSync()), weights }
    const order = (scores: ArrayLike<number>) =>
      [...weights.keys()].sort((a, b) => scores[a]! - scores[b]!)
    expect(order(scoresOf(layer))).toEqual(order(weights.map(Math.abs)))
    const kept = weights.map((_, i) => Number(i % 3 > 0))
    for (const update of ['exact', 'sequential'] as const) {
      expect(movedBy(layer, kept, { update })).toEqual([
        ...weights.map((value, i) => value * kept[i]! || 0),
      ])
    }
  })

  it('layerwiseObs updates in sequence as it does exactly when an output loses one weight', () => {
    const layer = { shape: [8, 3], products: inputsOf(8).products, weights: randomValues(24) }
    const kept = Array.from({ length: 24 }, (_, at) => Number(![3, 10, 23].includes(at)))
    const [exact, sequential] = (['exact', 'sequential'] as const).map((update) =>
      movedBy(layer, kept, { update }),
    )
    expect(largestError(sequential!, exact!)).toBeLessThan(1e-6)
    expect(
      largestError(
        exact!,
        [...layer.weights].map((value, i) => value * kept[i]!),
      ),
    ).toBeGreaterThan(0.02)
  })

  it.each(['exact', 'sequential'] as const)(
    'layerwiseObs with update %s leaves what is pruned already at 0',
    (update) => {
      const { xs, products } = inputsOf(6)
      const mask = [1, 0, 1, 1, 0, 1]
      const weights = [...randomValues(6)].map((value, i) => value * mask[i]!)
      const kept = [1, 0, 0, 1, 0, 1]
      const moved = movedBy({ shape: [6, 1], products, weights, mask }, kept, { update })
      expect(moved.map((value) => Number(value !== 0))).toEqual(kept)
      const plain = weights.map((value, i) => value * kept[i]!)
      expect(distance(xs, moved, weights)).toBeLessThan(distance(xs, plain, weights))
      // Values at places that are pruned count as 0.
      const stale = weights.map((value, i) => (mask[i] === 0 ? 5 : value))
      expect(movedBy({ shape: [6, 1], products, weights: stale, mask }, kept, { update })).toEqual(
        moved,
      )
    },
  )

  it.each(['exact', 'sequential'] as const)(
    'layerwiseObs with update %s changes no output that loses nothing',
    (update) => {
      const layer = { shape: [4, 2], products: inputsOf(4).products, weights: randomValues(8) }
      const moved = movedBy(layer, [1, 0, 1, 1, 1, 0, 1, 1], { update })
      const second = (values: ArrayLike<number>) => [0, 2, 4, 6].map((at) => values[at]!)
      expect(second(moved)).toEqual(second(layer.weights))
      expect(movedBy(layer, new Array(8).fill(0), { update })).toEqual(new Array(8).fill(0))
    },
  )

  it('layerwiseObs prunes inputs that are always 0 first, and is damped enough for them', () => {
    const { products } = inputsOf(4)
    const silent = products.map((value, at) =>
      at % 4 === 2 || Math.floor(at / 4) === 2 ? 0 : value,
    )
    const scores = scoresOf(
      { shape: [4, 1], products: silent, weights: [0.1, 0.1, 3, 0.1] },
      { damping: 1e-5 },
    )
    expect(scores.indexOf(Math.min(...scores))).toBe(2)
  })

  it('layerwiseObs inverts once for scores and compensation, once for each statistic and criterion', () => {
    withWeight(
      { shape: [3, 2], products: inputsOf(3).products, weights: randomValues(6) },
      (weight) => {
        const reads: number[] = []
        const count = (products: Tensor) => {
          const read = products.dataSync.bind(products)
          products.dataSync = ((...a: []) => {
            reads.push(products.id)
            return read(...a)
          }) as typeof products.dataSync
          return products
        }
        const first = count(weight.inputProducts!)
        const second = count(mul(first, 2))
        const criterion = layerwiseObs()
        for (const inputProducts of [first, first, second, first]) {
          criterion({ ...weight, inputProducts })
          criterion.compensate!({ ...weight, inputProducts }, like([1, 0, 1, 1, 0, 1], [3, 2]))
        }
        expect(reads).toEqual([first.id, second.id])
        layerwiseObs({ damping: 1 })(weight)
        expect(reads).toHaveLength(3)
      },
    )
  })

  it('layerwiseObs says what it was made with', () => {
    expect(layerwiseObs().settings).toEqual({ damping: 0.01, update: 'exact' })
    expect(layerwiseObs({ damping: 0.5, update: 'sequential' }).settings).toEqual({
      damping: 0.5,
      update: 'sequential',
    })
    expect(layerwiseObs().needs).toEqual(['inputProducts'])
  })

  it('layerwiseObs leaves no tensor but its answers', () => {
    const criterion = layerwiseObs()
    withWeight(
      { shape: [3, 2], products: inputsOf(3).products, weights: randomValues(6) },
      (weight) => {
        const kept = like([1, 0, 1, 1, 0, 1], [3, 2])
        const before = memory().numTensors
        const answers = [criterion(weight), criterion.compensate!(weight, kept)]
        expect(memory().numTensors - before).toBe(2)
        dispose(answers)
      },
    )
  })
})

describe('layerwiseObs refuses', () => {
  const singular = [1, 1, 1, 1]

  it.each([
    [
      { damping: -0.1 },
      'RangeError: Cannot make layerwiseObs: expected damping to be a finite number of at least 0, got -0.1',
    ],
    [
      { damping: Number.NaN },
      'RangeError: Cannot make layerwiseObs: expected damping to be a finite number of at least 0, got NaN',
    ],
    [
      { damping: '1' },
      'TypeError: Cannot make layerwiseObs: expected damping to be a finite number of at least 0, got "1"',
    ],
    [
      { update: 'best' },
      "RangeError: Cannot make layerwiseObs: expected update to be 'exact' or 'sequential', got \"best\"",
    ],
    [
      { dampening: 1 },
      'TypeError: Cannot make layerwiseObs: expected options among damping, update, got dampening: did you mean damping?',
    ],
  ])('layerwiseObs refuses the options %o', (options, message) => {
    expect(refusalOf(() => layerwiseObs(options as LayerwiseObsOptions))).toBe(message)
  })

  it('layerwiseObs refuses a singular matrix and names the weight, the damping and the remedy', () => {
    const layer = { shape: [2, 1], products: singular, weights: [1, 2] }
    expect(refusalOf(() => scoresOf(layer, { damping: 0 }))).toBe(
      'RangeError: Cannot score a/kernel: expected a positive definite mean of x x^T with 0 (damping 0) on its diagonal, ' +
        'got a singular one: give more samples or a higher damping',
    )
    expect(scoresOf(layer).every((score) => score > 0)).toBe(true)
  })

  it.each([
    ['singular but for the rounding of float32', [1, 1, 1, 1 + 2 ** -23]],
    ['indefinite', [1, 2, 2, 1]],
    ['NaN', [1, Number.NaN, Number.NaN, 1]],
  ])('layerwiseObs refuses a matrix that is %s', (_, products) => {
    const layer = { shape: [2, 1], products, weights: [1, 2] }
    expect(refusalOf(() => scoresOf(layer, { damping: 0 }))).toMatch(
      /^RangeError: .+got a singular one/,
    )
  })

  it('layerwiseObs refuses inputs that are all 0, which no damping mends', () => {
    const layer = { shape: [2, 1], products: [0, 0, 0, 0], weights: [1, 2] }
    expect(refusalOf(() => scoresOf(layer))).toMatch(
      /^RangeError: Cannot score a\/kernel: .+ got inputs that are all 0/,
    )
  })

  it('layerwiseObs refuses products of another size, or none', () => {
    expect(
      refusalOf(() => scoresOf({ shape: [3, 2], products: singular, weights: randomValues(6) })),
    ).toBe('TypeError: Cannot score a/kernel: expected inputProducts of shape [3, 3], got [2, 2]')
    withWeight(
      { shape: [2, 1], products: singular, weights: [1, 2] },
      ({ inputProducts, ...weight }) => {
        expect(refusalOf(() => layerwiseObs()(weight))).toBe(
          'TypeError: Cannot score a/kernel: expected its inputProducts, got none',
        )
        expect(refusalOf(() => layerwiseObs().compensate!(weight, weight.mask))).toBe(
          'TypeError: Cannot compensate a/kernel: expected its inputProducts, got none',
        )
      },
    )
  })
})

describe('layerwiseObs on the statistics of a model', () => {
  const networks: Record<string, { name: string; shape: number[]; build: () => LayersModel }> = {
    dense: {
      name: 'wide/kernel',
      shape: [10],
      build: () =>
        sequential({ layers: [layers.dense({ name: 'wide', units: 6, inputShape: [10] })] }),
    },
    convolution: {
      name: 'conv/kernel',
      shape: [7, 7, 3],
      build: () => {
        const conv = {
          name: 'conv',
          filters: 4,
          kernelSize: 3,
          strides: 2,
          padding: 'same',
        } as const
        return sequential({ layers: [layers.conv2d({ ...conv, inputShape: [7, 7, 3] })] })
      },
    },
  }

  /** Samples with a common part, as images have. */
  const samplesOf = (shape: readonly number[], seed: number) => {
    return tidy(() => {
      const shared = randomNormal([24, ...shape.map(() => 1)], 0, 1, 'float32', seed)
      return mul(randomNormal([24, ...shape], 1, 0.5, 'float32', seed + 1), shared)
    })
  }

  const meanSquare = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    Array.from(a, (value, i) => (value - b[i]!) ** 2).reduce((sum, value) => sum + value, 0) /
    a.length

  it.each(Object.keys(networks))(
    'layerwiseObs brings the outputs of a %s layer closer to the dense ones',
    async (kind) => {
      const { name, shape, build } = networks[kind]!
      const model = fillWeights(build())
      const { variable } = weightOf(model, name)
      const xs = samplesOf(shape, 3)
      const samples = { xs, ys: Int32Array.from({ length: 24 }, (_, i) => i % 2), batchSize: 7 }
      const outputs = () => tidy(() => (model.predict(xs) as Tensor).dataSync().slice())
      const [dense, own] = [outputs(), variable.dataSync().slice() as Float32Array]
      /**
       * Mean square of what the outputs change by from the dense weights at 0.7, or from those at
       * 0.8 before.
       */
      const errorOf = async (criterion: Criterion) => {
        const previous = await pruneWeights(model, { density: 0.8, criterion, samples })
        await pruneWeights(model, { density: 0.7, criterion, samples, previous })
        const inTwo = meanSquare(outputs(), dense)
        assignValues(variable, own)
        await pruneWeights(model, { density: 0.7, criterion, samples })
        const inOne = meanSquare(outputs(), dense)
        assignValues(variable, own)
        return { inOne, inTwo }
      }
      const exact = await errorOf(layerwiseObs())
      const sequential = await errorOf(layerwiseObs({ update: 'sequential' }))
      const without = await errorOf(needing(['inputProducts'], layerwiseObs()))
      const byMagnitude = await errorOf(magnitude())
      for (const steps of ['inOne', 'inTwo'] as const) {
        expect(exact[steps]).toBeLessThan(sequential[steps])
        expect(sequential[steps]).toBeLessThan(without[steps])
        expect(exact[steps]).toBeLessThan(0.5 * byMagnitude[steps])
      }
      xs.dispose()
    },
  )
})
