import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { betaForRatio } from '../../src/losses/beta-for-ratio.js'
import { effectiveNumberWeights } from '../../src/losses/effective-number-weights.js'
import { inverseFrequencyWeights } from '../../src/losses/inverse-frequency-weights.js'

const counts = fc.array(fc.integer({ min: 1, max: 1e6 }), { minLength: 2, maxLength: 8 })
const betas = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const total = (weights: readonly number[]) => weights.reduce((a, b) => a + b, 0)
const isic = [727, 173]
const crack = [14000, 2800] // the 70 % of 20,000 and 4,000 that the paper trains on

const itRejectsCounts = (name: string, weigh: (counts: number[]) => unknown) => {
  const cannot = `Cannot compute ${name}: expected`

  it(`${name} rejects an empty class and counts that are no whole number`, () => {
    for (const count of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      const message = `${cannot} counts[1] to be a whole number above 0, got ${count}`
      expect(() => weigh([5, count])).toThrow(new RangeError(message))
    }
    const message = `${cannot} counts[0] to be a whole number above 0, got "5"`
    expect(() => weigh(['5', 1] as unknown as number[])).toThrow(new TypeError(message))
  })

  it(`${name} rejects fewer than two classes`, () => {
    expect(() => weigh([5])).toThrow(new TypeError(`${cannot} counts of at least 2 classes, got 1`))
    expect(() => weigh(undefined as unknown as number[])).toThrow(TypeError)
  })
}

describe('effectiveNumberWeights', () => {
  it('effectiveNumberWeights gives the ratios that beta = 0.99997 gives on the sets of the paper', () => {
    const ratio = ([common = 0, rare = 0]: number[]) => rare / common
    expect(ratio(effectiveNumberWeights(isic, 0.99997))).toBeCloseTo(4.17, 2)
    expect(ratio(effectiveNumberWeights(crack, 0.99997))).toBeCloseTo(4.26, 2)
  })

  it('effectiveNumberWeights are (1 - beta) / (1 - beta^n) up to their sum', () => {
    const plain = [3, 10, 40].map((count) => (1 - 0.9) / (1 - 0.9 ** count))
    effectiveNumberWeights([3, 10, 40], 0.9).forEach((weight, c) => {
      expect(weight).toBeCloseTo((plain[c]! / total(plain)) * 3, 12)
    })
  })

  it('effectiveNumberWeights sum to the number of classes, the rarer class never weighing less', () => {
    fc.assert(
      fc.property(counts, betas, (counts, beta) => {
        const weights = effectiveNumberWeights(counts, beta)
        expect(total(weights)).toBeCloseTo(counts.length, 9)
        const byCount = counts
          .map((count, c) => ({ count, weight: weights[c]! }))
          .sort((a, b) => a.count - b.count)
        for (let c = 1; c < byCount.length; c++) {
          expect(byCount[c]!.weight).toBeLessThanOrEqual(byCount[c - 1]!.weight * (1 + 1e-12))
        }
      }),
    )
  })

  it('effectiveNumberWeights are all 1 for beta = 0', () => {
    expect(effectiveNumberWeights([1, 10, 1000], 0)).toEqual([1, 1, 1])
  })

  it('effectiveNumberWeights are those of the inverse frequency for beta next to 1', () => {
    fc.assert(
      fc.property(counts, (counts) => {
        const wanted = inverseFrequencyWeights(counts)
        effectiveNumberWeights(counts, 1 - Number.EPSILON / 2).forEach((weight, c) => {
          expect(weight / wanted[c]!).toBeCloseTo(1, 9)
        })
      }),
    )
  })

  it('effectiveNumberWeights lose no digits for beta = 1 - 1e-12', () => {
    const beta = 1 - 1e-12
    const [common = 0, rare = 0] = effectiveNumberWeights([1000, 10], beta)
    expect(rare / common).toBeCloseTo(100 * (1 - (990 * (1 - beta)) / 2), 11)
  })

  it('effectiveNumberWeights take typed arrays', () => {
    expect(effectiveNumberWeights(Int32Array.from(isic), 0.9)).toEqual(
      effectiveNumberWeights(isic, 0.9),
    )
  })

  it('effectiveNumberWeights rejects a beta outside [0, 1)', () => {
    const message = 'Cannot compute effectiveNumberWeights: expected beta to be in [0, 1), got'
    for (const beta of [1, -0.1, Number.NaN]) {
      expect(() => effectiveNumberWeights(isic, beta)).toThrow(new RangeError(`${message} ${beta}`))
    }
    expect(() => effectiveNumberWeights(isic, '0' as unknown as number)).toThrow(
      new TypeError(`${message} "0"`),
    )
  })

  itRejectsCounts('effectiveNumberWeights', (counts) => effectiveNumberWeights(counts, 0.9))
})

describe('inverseFrequencyWeights', () => {
  it('inverseFrequencyWeights give every class the same total, and sum to the number of classes', () => {
    fc.assert(
      fc.property(counts, (counts) => {
        const weights = inverseFrequencyWeights(counts)
        const totals = weights.map((weight, c) => weight * counts[c]!)
        for (const one of totals) expect(one / totals[0]!).toBeCloseTo(1, 9)
        expect(total(weights)).toBeCloseTo(counts.length, 9)
      }),
    )
  })

  itRejectsCounts('inverseFrequencyWeights', inverseFrequencyWeights)
})

describe('betaForRatio', () => {
  it('betaForRatio undoes effectiveNumberWeights', () => {
    expect(betaForRatio(isic, 4.1673)).toBeCloseTo(0.99997, 6)
    const share = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true })
    const pair = fc
      .tuple(fc.integer({ min: 1, max: 1e5 }), fc.integer({ min: 1, max: 1e5 }))
      .filter(([a, b]) => a !== b)
    fc.assert(
      fc.property(pair, share, ([a, b], share) => {
        const limit = Math.max(a, b) / Math.min(a, b)
        const ratio = 1 + share * (limit - 1)
        const beta = betaForRatio([a, b], ratio)
        const [first = 0, second = 0] = effectiveNumberWeights([a, b], beta)
        expect(Math.max(first, second) / Math.min(first, second) / ratio).toBeCloseTo(1, 8)
        expect(betaForRatio([b, a], ratio)).toBe(beta)
      }),
    )
  })

  it('betaForRatio of 1 is 0, for classes of equal size too', () => {
    expect(betaForRatio([100, 5], 1)).toBe(0)
    expect(betaForRatio([7, 7], 1)).toBe(0)
  })

  it('betaForRatio rejects a ratio that no beta below 1 gives', () => {
    const cannot = 'Cannot compute betaForRatio: expected ratio to be'
    for (const ratio of [0.9, 5, 10, Number.NaN]) {
      expect(() => betaForRatio([500, 100], ratio)).toThrow(
        new RangeError(`${cannot} in [1, 5), got ${ratio}`),
      )
    }
    const equal = `${cannot} 1, the classes being equal in size, got 2`
    expect(() => betaForRatio([7, 7], 2)).toThrow(new RangeError(equal))
    expect(() => betaForRatio([500, 100], undefined as unknown as number)).toThrow(TypeError)
  })

  it('betaForRatio rejects more than two classes', () => {
    const message = 'Cannot compute betaForRatio: expected counts of 2 classes, got 3'
    expect(() => betaForRatio([1, 2, 3], 2)).toThrow(new TypeError(message))
  })

  itRejectsCounts('betaForRatio', (counts) => betaForRatio(counts, 1))
})
