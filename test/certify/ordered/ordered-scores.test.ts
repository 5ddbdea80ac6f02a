import { describe, expect, test } from 'vitest'
import { neymanPearsonOrder } from '../../../src/certify/neyman-pearson-threshold.js'
import { decideOrdered } from '../../../src/certify/ordered/decide-ordered.js'
import { orderedThresholds } from '../../../src/certify/ordered/ordered-thresholds.js'
import { randomStream } from '../../../src/internal/random.js'
import { refusalOf } from '../../support/refusal-of.js'

const options = {
  severity: [2, 0, 1],
  maximumUnderclassificationRates: { 2: 0.1, 0: 0.1 },
  confidence: 0.9,
}

/** Softmax of three normal logits; those of the own class lie 1 higher. */
function draw(uniform: () => number, counts: readonly number[]) {
  const noise = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  const labels = counts.flatMap((count, index) => new Array<number>(count).fill(index))
  const probabilities = labels.flatMap((label) => {
    const row = [0, 1, 2].map((k) => Math.exp(noise() + Number(k === label)))
    const sum = row.reduce((a, b) => a + b)
    return row.map((value) => value / sum)
  })
  return { labels, probabilities }
}

/** Share of the samples of a class that a rule takes for a less severe one. */
function rateOf(
  rule: ReturnType<typeof orderedThresholds>,
  { labels, probabilities }: ReturnType<typeof draw>,
  index: number,
) {
  const lower = rule.severity.slice(rule.severity.indexOf(index) + 1)
  let [all, wrong] = [0, 0]
  labels.forEach((label, i) => {
    if (label !== index) return
    all++
    if (lower.includes(decideOrdered(probabilities.slice(3 * i, 3 * i + 3), rule))) wrong++
  })
  return wrong / all
}

describe('orderedThresholds', () => {
  test('orderedThresholds keep the rate of each class in 200 simulations, and use it up', () => {
    const { uniform } = randomStream(3)
    const population = draw(uniform, [4000, 1, 4000])
    const broken = { 2: 0, 0: 0 }
    for (let i = 0; i < 200; i++) {
      const rule = orderedThresholds(draw(uniform, [60, 1, 60]), options)
      for (const index of [2, 0] as const)
        if (rateOf(rule, population, index) > 0.1) broken[index]++
    }
    for (const index of [2, 0] as const) {
      expect(broken[index]).toBeLessThanOrEqual(33) // promised 20, and 3 standard deviations above
      expect(broken[index]).toBeGreaterThan(2)
    }
  })

  test('orderedThresholds count a sample that a more severe class takes as no error', () => {
    const { uniform } = randomStream(4)
    const scores = draw(uniform, [100, 1, 100])
    const rule = orderedThresholds(scores, options)
    const own = scores.labels.flatMap((label, i) => {
      const [p0, p1] = scores.probabilities.slice(3 * i, 3 * i + 2)
      return label === 0 ? [p0! / p1!] : []
    })
    const order = neymanPearsonOrder(100, { alpha: 0.1, delta: 0.1 })
    const missed = own.filter((score) => score < rule.thresholds[1]!).length
    expect(missed).toBeGreaterThan(order - 1)
    expect(rateOf(rule, scores, 0)).toBe((order - 1) / 100)
  })

  test('orderedThresholds go through JSON where a class is never needed', () => {
    // Class 0 always scores above class 2's threshold: no threshold of its own is needed.
    const labels = [0, 1, 2].flatMap((index) => new Array<number>(40).fill(index))
    const probabilities = labels.flatMap((label) => (label === 1 ? [0, 1, 0] : [0.1, 0, 0.9]))
    const rule = orderedThresholds({ labels, probabilities }, options)
    expect(rule.thresholds[1]).toBe(Number.MAX_VALUE)
    expect(JSON.parse(JSON.stringify(rule))).toEqual(rule)
  })

  test('orderedThresholds refuse bad input', () => {
    const scores = draw(randomStream(1).uniform, [60, 60, 60])
    const refused = (more: object, given: object = {}) =>
      refusalOf(() => orderedThresholds({ ...scores, ...given }, { ...options, ...more }))
    expect(refused({ severity: [2, 0] })).toMatch(/^RangeError: .+ each class from 0 on once/)
    expect(refused({ severity: [2, 2, 1] })).toMatch(/^RangeError: .+ got 2, 2, 1$/)
    expect(refused({ maximumUnderclassificationRates: { 0: 0.1 } })).toMatch(
      / rates of the most severe classes, 2, got those of 0$/,
    )
    expect(refused({ maximumUnderclassificationRates: { 0: 0.1, 1: 0.1, 2: 0.1 } })).toMatch(
      / the most severe classes, 2, 0, got those of 0, 1, 2$/,
    )
    expect(refused({ maximumUnderclassificationRates: { 2: 0.01, 0: 0.1 } })).toMatch(
      / expected at least 230 samples of class 2, .+, got 60$/,
    )
    expect(refused({}, { labels: [1] })).toMatch(/^TypeError: .+ 3 probabilities for each/)
    expect(refused({}, { labels: scores.labels.map(() => 0.5) })).toMatch(/^RangeError: .+ label 0/)
    const logits = scores.probabilities.map((value) => value - 1)
    expect(refused({}, { probabilities: logits })).toMatch(/logits\?$/)
    expect(refused({}, { labels: undefined })).toMatch(/^TypeError: .+ a list of labels/)
  })

  test('orderedThresholds refuse a probability that is undefined or NaN, and a label of no class', () => {
    const scores = draw(randomStream(1).uniform, [60, 60, 60])
    const refused = (given: object) =>
      refusalOf(() => orderedThresholds({ ...scores, ...given }, options))
    const [, ...rest] = scores.probabilities
    expect(refused({ probabilities: [undefined, ...rest] })).toMatch(
      /^TypeError: .+ probabilities in \[0, 1\], got undefined at 0$/,
    )
    expect(refused({ probabilities: [Number.NaN, ...rest] })).toMatch(/^RangeError: .+ got NaN/)
    expect(refused({ labels: scores.labels.with(4, 3) })).toMatch(
      /^RangeError: .+ labels below the 3 classes, got 3$/,
    )
  })
})

describe('decideOrdered', () => {
  const rule = { severity: [2, 0, 1], thresholds: [0.5, 1] }

  test('decideOrdered takes the most severe class that reaches its threshold', () => {
    expect(decideOrdered([0.3, 0.3, 0.4], rule)).toBe(2)
    expect(decideOrdered([0.4, 0.4, 0.2], rule)).toBe(0)
    expect(decideOrdered([0.3, 0.5, 0.2], rule)).toBe(1)
  })

  test('decideOrdered takes the most likely of the classes without a threshold', () => {
    const one = { severity: [2, 0, 1], thresholds: [9] }
    expect(decideOrdered([0.2, 0.3, 0.5], one)).toBe(1)
    expect(decideOrdered([0.3, 0.2, 0.5], one)).toBe(0)
  })

  test('decideOrdered refuses other lengths and logits', () => {
    expect(refusalOf(() => decideOrdered([0.5, 0.5], rule))).toMatch(/^TypeError: .+ 3 prob/)
    expect(refusalOf(() => decideOrdered([-1, 2, 3], rule))).toMatch(/^RangeError: .+ logits\?$/)
    const all = { ...rule, thresholds: [1, 1, 1] }
    expect(refusalOf(() => decideOrdered([0.2, 0.3, 0.5], all))).toMatch(/^TypeError: .+ fewer/)
  })

  test.each<[string, unknown, unknown, RegExp]>([
    ['an undefined probability', [0.5, undefined, 0.5], {}, /^TypeError: .+ got undefined at 1$/],
    ['a probability that is NaN', [0.5, Number.NaN, 0.5], {}, /^RangeError: .+ got NaN: logits/],
    ['a threshold that is NaN', [0.2, 0.3, 0.5], { thresholds: [Number.NaN] }, /^RangeError/],
    ['an undefined threshold', [0.2, 0.3, 0.5], { thresholds: [undefined, 1] }, /^TypeError/],
    ['an infinite threshold', [0.2, 0.3, 0.5], { thresholds: [1 / 0] }, /^RangeError: .+ finite/],
    ['a class that does not exist', [0.2, 0.3, 0.5], { severity: [3, 0, 1] }, /^RangeError/],
    ['an undefined class', [0.2, 0.3, 0.5], { severity: [undefined, 0, 1] }, /^TypeError/],
    ['no probabilities', null, {}, /^TypeError: .+ a list of probabilities, got null$/],
  ])('decideOrdered refuses %s', (_, probabilities, more, message) => {
    const given = { ...rule, ...(more as object) }
    expect(refusalOf(() => decideOrdered(probabilities as number[], given))).toMatch(message)
  })

  test('decideOrdered refuses a rule that is no object', () => {
    for (const given of [undefined, null, 3])
      expect(refusalOf(() => decideOrdered([0.2, 0.3, 0.5], given as never))).toMatch(
        /^TypeError: .+ expected a rule \{ severity, thresholds \}, got /,
      )
  })
})
