import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aimedMisses, chanceOfAtMost } from '../../../src/certify/classes/aimed-misses.js'
import { certifyClassScores } from '../../../src/certify/classes/certify-class-scores.js'
import type { ClassLevel } from '../../../src/certify/classes/class-plan.js'
import { classSamplesNeeded } from '../../../src/certify/classes/class-samples-needed.js'
import { decideClass, heaviestClass } from '../../../src/certify/classes/decide-class.js'
import { leastWeights } from '../../../src/certify/classes/least-weights.js'
import { missesOf, rowsOf } from '../../../src/certify/classes/tune-weights.js'
import { parseRateCertificate } from '../../../src/certify/stored/parse-rate-certificate.js'
import { binomialCdf } from '../../../src/internal/binomial.js'
import { hashSeed, randomStream } from '../../../src/internal/random.js'
import { refusalOf } from '../../support/refusal-of.js'

const CLASSES = 4

/** Softmax probabilities of samples whose own logit lies `gap` above the others, with noise. */
function draw(seed: string, { count, gap }: { count: number; gap: number }) {
  const { uniform } = randomStream(hashSeed(seed))
  const noise = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  const labels = Uint8Array.from({ length: count }, (_, i) => i % CLASSES)
  const probabilities = Array.from(labels).flatMap((label) => {
    const row = Array.from({ length: CLASSES }, (_, k) =>
      Math.exp(noise() + (k === label ? gap : 0)),
    )
    const sum = row.reduce((a, b) => a + b)
    return row.map((value) => value / sum)
  })
  return { labels, probabilities }
}

const level = (round: number, gap: number): ClassLevel => ({
  round,
  density: 0.5 ** round,
  tuning: draw(`tuning ${round}`, { count: 2000, gap }),
  calibration: draw(`calibration ${round}`, { count: 2000, gap }),
})
const options = { maximumFalseNegativeRates: { 1: 0.1, 3: 0.1 }, confidence: 0.95 }

describe('decideClass', () => {
  test('decideClass takes the largest product, the first of equal ones', () => {
    expect(decideClass([0.5, 0.5], [1, 1])).toBe(0)
    expect(decideClass([0.6, 0.4], [1, 1.6])).toBe(1)
    expect(decideClass([0, 0.2, 0.1], [9, 1, 2])).toBe(1)
  })

  test('decideClass refuses logits, other lengths and weights of 0', () => {
    expect(refusalOf(() => decideClass([-1, 2], [1, 1]))).toMatch(/^RangeError: .+ logits\?$/)
    expect(refusalOf(() => decideClass([0.5], [1, 1]))).toMatch(/^TypeError: .+ 2 probabilities/)
    expect(refusalOf(() => decideClass([0.5, 0.5], [1, 0]))).toMatch(/^RangeError: .+ above 0/)
    expect(refusalOf(() => decideClass(null as never, [1]))).toMatch(/^TypeError/)
    const text = ['0.5', 0.5] as never
    expect(refusalOf(() => decideClass(text, [1, 1]))).toMatch(/^TypeError: .+ got "0.5" at 0$/)
    expect(refusalOf(() => decideClass([0.5, 0.5], text))).toMatch(/^TypeError: .+ weights above 0/)
  })
})

describe('leastWeights', () => {
  const scores = draw('weights', { count: 400, gap: 1 })
  const budgetOf = (index: number, misses: number) => ({
    class: index,
    rows: rowsOf(scores, { class: index, classes: CLASSES }),
    misses,
  })

  test('leastWeights of budgets that the plain rule keeps are all 1', () => {
    expect(leastWeights([budgetOf(1, 100)], CLASSES)).toEqual([1, 1, 1, 1])
  })

  test('leastWeights keep the budgets, and no lower weights of a grid do', () => {
    const budgets = [budgetOf(1, 20), budgetOf(3, 30)]
    const weights = leastWeights(budgets, CLASSES)!
    const keeps = (list: readonly number[]) =>
      budgets.every(({ class: own, rows, misses }) => missesOf(rows, own, list) <= misses)
    expect(keeps(weights)).toBe(true)
    expect(Math.min(weights[1]!, weights[3]!)).toBeGreaterThan(1)
    const grid = Array.from({ length: 60 }, (_, i) => 1.1 ** i)
    const feasible = grid.flatMap((first) =>
      grid.filter((second) => keeps([1, first, 1, second])).map((second) => [first, second]),
    )
    expect(feasible.length).toBeGreaterThan(10)
    for (const [first, second] of feasible) {
      expect(first! * (1 + 1e-8)).toBeGreaterThanOrEqual(weights[1]!)
      expect(second! * (1 + 1e-8)).toBeGreaterThanOrEqual(weights[3]!)
    }
  })

  test('leastWeights are not to be had where all classes are to be missed never', () => {
    const all = [0, 1, 2, 3].map((index) => budgetOf(index, 0))
    expect(leastWeights(all, CLASSES)).toBeUndefined()
    expect(leastWeights(all.slice(0, 1), CLASSES)).toBeDefined()
  })

  test('leastWeights are not to be had for a class whose probability is 0', () => {
    const budget = { class: 0, rows: [0, 1, 0.5, 0.5], misses: 0 }
    expect(leastWeights([budget], 2)).toBeUndefined()
    expect(leastWeights([{ ...budget, misses: 1 }], 2)![0]).toBeCloseTo(1)
  })
})

describe('aimedMisses', () => {
  test('chanceOfAtMost is that of the order statistics, by simulation', () => {
    const [misses, tuning, calibration, allowed] = [3, 30, 40, 5]
    const { uniform } = randomStream(7)
    let hits = 0
    for (let i = 0; i < 4000; i++) {
      const threshold = Float64Array.from({ length: tuning }, uniform).sort()[misses]!
      let below = 0
      for (let j = 0; j < calibration; j++) if (uniform() < threshold) below++
      if (below <= allowed) hits++
    }
    const chance = chanceOfAtMost(allowed, { misses, tuning, calibration })
    expect(Math.abs(hits / 4000 - chance)).toBeLessThan(4 * Math.sqrt(0.25 / 4000))
  })

  test('aimedMisses is the most with the chance, and more samples leave more room', () => {
    const aim = { tuning: 1000, calibration: 300, allowed: 8, passProbability: 0.9 }
    const misses = aimedMisses(aim)
    expect(chanceOfAtMost(8, { ...aim, misses })).toBeGreaterThanOrEqual(0.9)
    expect(chanceOfAtMost(8, { ...aim, misses: misses + 1 })).toBeLessThan(0.9)
    expect(aimedMisses({ ...aim, tuning: 20 })).toBe(0)
  })
})

describe('certifyClassScores', () => {
  test('certifyClassScores accepts the last round that keeps both limits', () => {
    const certificate = certifyClassScores([level(0, 4), level(1, 3.5), level(2, 0.5)], options)
    const { accepted, tested, promises } = certificate
    expect(promises.map(({ class: index, samples }) => [index, samples])).toEqual([
      [1, 500],
      [3, 500],
    ])
    expect([accepted?.round, tested.length]).toEqual([1, 3])
    expect(tested[2]!.passed).toBe(false)
  })

  test('certifyClassScores counts the misses by the weights that it returns', () => {
    const given = level(0, 2.5)
    const { tested } = certifyClassScores([given], options)
    const { weights, tests, errorRate } = tested[0]!
    const { labels, probabilities } = given.calibration
    const rows = Array.from(probabilities)
    const decided = Array.from(labels, (_, i) =>
      decideClass(rows.slice(i * CLASSES, (i + 1) * CLASSES), weights),
    )
    for (const [place, index] of [1, 3].entries()) {
      const misses = decided.filter((one, i) => labels[i] === index && one !== index).length
      expect(tests[place]!.events).toBe(misses)
      expect(tests[place]!.pValue).toBe(binomialCdf(misses, 500, 0.1))
    }
    expect(errorRate).toBe(decided.filter((one, i) => one !== labels[i]).length / 2000)
    expect(weights[0]).toBe(1)
    expect(weights[1]).toBeGreaterThan(1)
  })

  test('certifyClassScores says that limits cannot be kept, and the best attainable misses', () => {
    const maximumFalseNegativeRates = { 0: 0.05, 1: 0.05, 2: 0.05, 3: 0.05 }
    const { accepted, tested, reason } = certifyClassScores([level(0, 1)], {
      ...options,
      maximumFalseNegativeRates,
    })
    expect([accepted, tested[0]!.feasible]).toEqual([null, false])
    expect(reason).toMatch(
      /^round 0 cannot keep the limits on the tuning samples, it misses \d+ of 500 of class 0 /,
    )
    const rates = tested[0]!.tuned.map(({ misses, samples }) => misses / samples)
    expect(Math.min(...rates)).toBeGreaterThan(0.05)
    expect(Math.max(...rates) - Math.min(...rates)).toBeLessThan(0.02)
  })

  test('certifyClassScores passes with about the chance that it aims at', () => {
    let passed = 0
    for (let i = 0; i < 60; i++) {
      const [tuning, calibration] = ['t', 'c'].map((name) =>
        draw(`${name}${i}`, { count: 800, gap: 3 }),
      )
      const one = { round: 0, density: 1, tuning: tuning!, calibration: calibration! }
      if (certifyClassScores([one], { ...options, maximumFalseNegativeRates: { 2: 0.1 } }).accepted)
        passed++
    }
    expect(passed).toBeGreaterThan(60 * 0.75)
  })

  test('certifyClassScores breaks a limit in few of 200 simulations', () => {
    let broken = 0
    const large = draw('population', { count: 20000, gap: 2 })
    const population = [1, 3].map((index) => rowsOf(large, { class: index, classes: CLASSES }))
    for (let i = 0; i < 200; i++) {
      const [tuning, calibration] = ['t', 'c'].map((name) =>
        draw(`${name} of ${i}`, { count: 400, gap: 2 }),
      )
      const one = { round: 0, density: 1, tuning: tuning!, calibration: calibration! }
      const { accepted } = certifyClassScores([one], { ...options, passProbability: 0.05 })
      if (!accepted) continue
      const rates = [1, 3].map(
        (index, j) => missesOf(population[j]!, index, accepted.weights) / 5000,
      )
      if (Math.max(...rates) > 0.1) broken++
    }
    expect(broken).toBeLessThanOrEqual(20) // promised 10, and 3 standard deviations above
  })
})

describe('certifyClassScores, bad input', () => {
  const good = level(0, 3)
  const refused = (given: object, more: object = {}) =>
    refusalOf(() => certifyClassScores([{ ...good, ...given }], { ...options, ...more }))

  test('certifyClassScores refuses one split in the place of both', () => {
    expect(refused({ calibration: good.tuning })).toBe(
      'RangeError: Cannot certify the classes: expected tuning and calibration samples that are ' +
        'apart, got the same ones',
    )
  })

  test('certifyClassScores names classes without samples, or with too few', () => {
    const without = { ...good.tuning, labels: Array.from(good.tuning.labels, (k) => k % 2) }
    expect(refused({ tuning: without })).toMatch(/ expected tuning samples of class 3, got none$/)
    const few = draw('few', { count: 80, gap: 3 })
    expect(refused({ calibration: few })).toMatch(
      / expected at least 29 calibration samples for the misses of class 1, .+, got 20$/,
    )
  })

  test('certifyClassScores names limits of classes that the model does not have', () => {
    expect(refused({}, { maximumFalseNegativeRates: { 4: 0.1 } })).toMatch(
      / expected rates of the 4 classes, got class 4$/,
    )
  })

  test('certifyClassScores refuses limits that are no rates by class', () => {
    expect(refused({}, { maximumFalseNegativeRates: {} })).toMatch(
      /^RangeError: .+ at least one class, got none$/,
    )
    expect(refused({}, { maximumFalseNegativeRates: { 1: 1 } })).toMatch(
      /^RangeError: .+ maximumFalseNegativeRates of class 1 /,
    )
    expect(refused({}, { maximumFalseNegativeRates: { 1: '0.1' } })).toMatch(
      /^TypeError: .+ maximumFalseNegativeRates of class 1 /,
    )
    expect(refused({}, { maximumFalseNegativeRates: { one: 0.1 } })).toMatch(
      /^RangeError: .+ got "one"$/,
    )
    expect(refused({}, { maximumFalseNegativeRates: [0.1] })).toMatch(/^TypeError: .+ got a list$/)
    expect(refused({}, { passProbability: 1 })).toMatch(/^RangeError: .+ passProbability/)
    expect(refused({}, { maximumFalseNegativeRate: 1 })).toMatch(
      /^TypeError: .+ did you mean maximumFalseNegativeRates\?$/,
    )
  })

  test('certifyClassScores refuses levels out of order and labels that change or are missing', () => {
    const levels = [good, { ...level(1, 3), density: 1.1 }]
    expect(refusalOf(() => certifyClassScores(levels, options))).toMatch(/^RangeError: .+ density/)
    const other = level(1, 3)
    const [first, ...rest] = Array.from(other.tuning.labels)
    const changed = { ...other, tuning: { ...other.tuning, labels: [1 - first!, ...rest] } }
    expect(refusalOf(() => certifyClassScores([good, changed], options))).toMatch(
      /^RangeError: .+ the same tuning labels at each level, 0 at 0, got 1$/,
    )
    expect(refused({ tuning: { probabilities: good.tuning.probabilities } })).toMatch(
      /^TypeError: .+ a list of tuning labels, got undefined$/,
    )
    expect(refused({ tuning: { ...good.tuning, probabilities: [1] } })).toMatch(/^TypeError/)
    const logits = Array.from(good.tuning.probabilities, (value) => 5 * value - 1)
    expect(refused({ tuning: { ...good.tuning, probabilities: logits } })).toMatch(/logits\?$/)
  })
})

describe('classSamplesNeeded', () => {
  test('classSamplesNeeded is the first number at which no miss passes', () => {
    const rate = fc.double({ min: 0.001, max: 0.9, noNaN: true })
    fc.assert(
      fc.property(rate, rate, (limit, confidence) => {
        const { 5: needed } = classSamplesNeeded({
          maximumFalseNegativeRates: { 5: limit },
          confidence,
        })
        const delta = 1 - confidence
        expect((1 - limit) ** needed!).toBeLessThanOrEqual(delta * (1 + 1e-9))
        if (needed! > 1) expect((1 - limit) ** (needed! - 1)).toBeGreaterThan(delta * (1 - 1e-9))
      }),
    )
  })
})

describe('heaviestClass', () => {
  test('heaviestClass reads the row that begins at the place', () => {
    expect(heaviestClass([0.9, 0.1, 0.2, 0.8], 2, [1, 1])).toBe(1)
  })
})

test('certifyClassScores takes as many tuning misses as a limit of 0.29 allows: 29 of 100', () => {
  // No weights find a sample of class 1 whose probability of it is 0.
  const split = (missed: number, count: number) => {
    const labels = Array.from({ length: count }, (_, i) => Number(i < count / 2))
    const probabilities = labels.flatMap((label, i) =>
      label === 1 && i >= missed ? [0, 1] : [1, 0],
    )
    return { labels, probabilities }
  }
  const levels = [{ round: 0, density: 1, tuning: split(29, 200), calibration: split(0, 300) }]
  const promise = { maximumFalseNegativeRates: { 1: 0.29 }, confidence: 0.95 }
  const certificate = certifyClassScores(levels, promise)
  expect(certificate.accepted).toMatchObject({ feasible: true, tuned: [{ misses: 29 }] })
  expect(parseRateCertificate(JSON.stringify(certificate))).toEqual(certificate)
  const more = { ...levels[0]!, tuning: split(30, 200) }
  expect(certifyClassScores([more], promise).tested[0]).toMatchObject({ feasible: false })
})
