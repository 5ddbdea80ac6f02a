import { type Audit, auditOutcomes, calibrationError, type Outcomes } from 'tfjs-prune/audit'
import { recallByClass } from 'tfjs-prune/metrics'
import { describe, expect, it } from 'vitest'

const labels = [0, 0, 0, 0, 1, 1, 1, 2]
const dense: Outcomes = { labels, predictions: [0, 0, 0, 1, 1, 1, 1, 2] }
const pruned: Outcomes = { labels, predictions: [0, 0, 0, 0, 1, 0, 0, 2] }
const audit = auditOutcomes(dense, pruned)
const pair = (change: Partial<Outcomes>) => () => auditOutcomes(dense, { ...pruned, ...change })

describe('auditOutcomes', () => {
  it('auditOutcomes of one pair tells what recallByClass tells', () => {
    const wanted = recallByClass(labels, dense.predictions, pruned.predictions)
    for (const [i, one] of wanted.entries()) {
      const { dense, pruned, ...found } = audit.byClass[i]!
      expect(dense).toMatchObject({ recall: one.dense.recall, interval: one.dense.interval })
      expect(pruned).toMatchObject({ recall: one.pruned.recall, interval: one.pruned.interval })
      const { difference, differenceInterval, lost, regained, pValue, samples } = one
      const same = { difference, differenceInterval, lost, regained, pValue, samples }
      expect(found).toMatchObject({ class: i, ...same })
    }
    expect(audit.overall).toMatchObject({ samples: 8, lost: 2, regained: 1, difference: -0.125 })
  })

  it('auditOutcomes names the worst and the most harmed class, and the changed samples', () => {
    expect(audit.worstClass).toEqual({ dense: 0, pruned: 1 })
    expect(audit.mostHarmed).toBe(1)
    const shares = { denseShare: 1, prunedShare: 1 }
    expect(audit.exemplars).toEqual([
      { sample: 3, label: 0, dense: 1, pruned: 0, ...shares },
      { sample: 5, label: 1, dense: 1, pruned: 0, ...shares },
      { sample: 6, label: 1, dense: 1, pruned: 0, ...shares },
    ])
    expect(audit.byClass.map(({ exemplars }) => exemplars)).toEqual([1, 2, 0])
    expect(auditOutcomes(dense, dense)).toMatchObject({ mostHarmed: null, exemplars: [] })
  })

  it('auditOutcomes has the ratio of the balances, worked out by hand', () => {
    // recalls .75, 1, 1 at accuracy 7/8, and 1, 1/3, 1 at 6/8
    const [before, after] = [
      [-1 / 7, 1 / 7, 1 / 7],
      [1 / 3, -5 / 9, 1 / 3],
    ]
    for (const [i, one] of audit.distortion.byClass.entries()) {
      expect(one.dense).toBeCloseTo(before![i]!, 12)
      expect(one.pruned).toBeCloseTo(after![i]!, 12)
    }
    const ratio = (-1 / 3 - 5 / 9 + 1 / 3) / 7 / (3 / 49)
    expect(audit.distortion.intensification).toBeCloseTo(ratio, 12)
    expect(audit.distortion.intensificationInterval).toBeNull()
  })

  it('auditOutcomes counts the modes of populations, the lowest class among equals', () => {
    const networks = (predictions: readonly number[][]) =>
      predictions.map((one) => ({ labels: [1, 1], predictions: one }))
    const { exemplars, pairs } = auditOutcomes(
      networks([
        [1, 1],
        [1, 0],
        [1, 1],
      ]),
      networks([
        [0, 0],
        [1, 1],
        [0, 1],
      ]),
    )
    expect(pairs).toBe(3)
    expect(exemplars).toEqual([
      { sample: 0, label: 1, dense: 1, pruned: 0, denseShare: 1, prunedShare: 2 / 3 },
    ])
    const even = auditOutcomes(
      networks([
        [1, 1],
        [0, 1],
      ]),
      networks([
        [1, 1],
        [1, 1],
      ]),
    )
    expect(even.exemplars).toMatchObject([{ sample: 0, dense: 0, pruned: 1, denseShare: 0.5 }])
  })

  it('auditOutcomes looks at groups as at classes, and at classes within them', () => {
    const scanner = ['b', 'b', 'a', 'a', 'a', 'a', 'b', 'b']
    const { groups } = auditOutcomes(dense, pruned, { groups: { scanner } })
    const [a, b] = groups.scanner!
    expect(a).toMatchObject({ value: 'a', samples: 4, difference: 0, lost: 1, regained: 1 })
    expect(b).toMatchObject({ value: 'b', samples: 4, difference: -0.25, lost: 1, regained: 0 })
    expect(a!.byClass.map(({ samples, difference }) => [samples, difference])).toEqual([
      [2, 0.5],
      [2, -0.5],
      [0, null],
    ])
    expect(b!.byClass[2]).toMatchObject({ samples: 1, difference: 0 })
  })

  it('auditOutcomes tells distances of logits, of scores, and from a threshold', () => {
    const two = { labels: [0, 1], predictions: [0, 1] }
    const distance = (outcomes: Outcomes) => {
      const { byClass } = auditOutcomes(outcomes, outcomes)
      return byClass.map(({ dense }) => dense.distance)
    }
    expect(distance({ ...two, scores: [-3, 2], positiveClass: 1 })).toEqual([3, 2])
    expect(distance({ ...two, scores: [-3, 2], positiveClass: 1, threshold: -1 })).toEqual([2, 3])
    expect(distance({ ...two, logits: [5, 2, 7, 9] })).toEqual([3, 2])
    expect(distance({ ...two, logits: [5, 2, 7, 9], positiveClass: 0, threshold: 1 })).toEqual([
      2, 3,
    ])
    const three = { ...two, logits: [2, 0, 1.5, 0, 4, -1] }
    expect(distance(three)).toEqual([0.5, 4, null])
    // log-odds of class 1: -log(e^2 + e^1.5), 4 - log(1 + e^-1)
    const [first, second] = distance({ ...three, positiveClass: 1, threshold: 0 })
    expect(first).toBeCloseTo(Math.log(Math.exp(2) + Math.exp(1.5)), 12)
    expect(second).toBeCloseTo(4 - Math.log(1 + Math.exp(-1)), 12)
  })

  it('auditOutcomes tells the calibration of the scored class alone where that is all there is', () => {
    const scores = [-1, -2, 0, 1, 2, 3, 1, -1]
    const scored = { ...dense, scores, positiveClass: 1 }
    const { byClass, overall, notes, correlations } = auditOutcomes(scored, scored, { bins: 2 })
    expect(byClass.map(({ dense }) => dense.calibrationError === null)).toEqual([true, false, true])
    const probabilities = scores.map((score) => 1 / (1 + Math.exp(-score)))
    const error = calibrationError(labels, probabilities, { positiveClass: 1, bins: 2 })
    expect(byClass[1]!.dense.calibrationError).toBeCloseTo(error, 12)
    expect([overall.dense.calibrationError, correlations]).toEqual([null, null])
    expect(notes).toContain('rank correlations are not told: logits are missing')
  })

  it('auditOutcomes goes through JSON, and names classes without samples and lost ones', () => {
    const options = { classes: 4, classNames: ['cat', 'dog', 'cow', 'owl'] }
    const silent = { labels, predictions: labels.map(() => 0) }
    const lost: Audit = auditOutcomes(dense, silent, options)
    expect(JSON.parse(JSON.stringify(lost))).toEqual(lost)
    expect(JSON.stringify(lost)).not.toMatch(/NaN|Infinity/)
    expect(lost.byClass[3]).toMatchObject({ samples: 0, difference: null, impact: null })
    expect(lost.notes).toContain('no samples, and nothing is told, of class owl')
    expect(lost.notes).toContain('the pruned network never says class dog, cow')
    const never = auditOutcomes(silent, { labels, predictions: labels.map(() => 3) }, options)
    expect(never.distortion.byClass[0]).toMatchObject({ pruned: null })
    expect(never.distortion.intensification).toBeNull()
  })

  it('auditOutcomes tests no impact with one pair, and says so', () => {
    expect(audit.byClass.every(({ impact }) => impact === null)).toBe(true)
    expect(audit.notes[0]).toMatch(/^one pair of networks: impact is not tested/)
  })

  it('auditOutcomes calls no class impacted where seeds do not vary', () => {
    const both = auditOutcomes([dense, dense], [pruned, pruned])
    expect(both.byClass[1]!.impact).toMatchObject({ statistic: null, pValue: null })
    expect(both.byClass[1]).toMatchObject({ pValue: null, difference: -2 / 3 })
    expect(both.impactedClasses).toEqual([])
    expect(both.byClass[2]).toMatchObject({ pValue: 1, difference: 0 })
  })

  it('auditOutcomes takes no rounding for the variance of seeds', () => {
    const labels = Array.from({ length: 30 }, (_, i) => Math.floor(i / 10))
    const network = (...found: readonly number[]) => ({
      labels,
      predictions: labels.map((label, i) => (i % 10 < found[label]! ? label : (label + 1) % 3)),
    })
    // Recall of class 0 less accuracy: 4/30 for both dense networks, 2/30 for both pruned ones.
    const { byClass } = auditOutcomes(
      [network(8, 6, 6), network(9, 7, 7)],
      [network(6, 5, 5), network(7, 6, 6)],
    )
    expect(byClass[0]!.impact).toMatchObject({
      statistic: null,
      pValue: null,
      isBeyondChance: false,
    })
    expect(byClass[0]!.impact!.difference).toBeCloseTo(-2 / 30, 12)
  })

  it('auditOutcomes refuses sides and networks that do not fit each other', () => {
    expect(() => auditOutcomes([dense, dense], pruned)).toThrow(
      new RangeError('Cannot audit: expected a pruned network for each of 2 dense ones, got 1'),
    )
    expect(() => auditOutcomes([], [])).toThrow(/expected at least one network, got none/)
    expect(pair({ labels: [0, 0, 0, 0, 1, 1, 1, 1] })).toThrow(
      new RangeError(
        'Cannot audit: expected label 7 of the pruned network to be 2, as of the first, got 1',
      ),
    )
    expect(pair({ labels: [0, 1], predictions: [0, 1] })).toThrow(
      new RangeError(
        'Cannot audit: expected the 8 samples of all networks for the pruned network, got 2',
      ),
    )
    expect(() => auditOutcomes(dense, { labels } as unknown as Outcomes)).toThrow(
      /expected \{ labels, predictions \} of the pruned network .*, got no predictions/,
    )
    expect(() => auditOutcomes(dense, 3 as unknown as Outcomes)).toThrow(TypeError)
  })

  it('auditOutcomes refuses numbers that are none', () => {
    const nan = labels.map(() => Number.NaN)
    expect(pair({ scores: nan, positiveClass: 1 })).toThrow(
      /expected score 0 of the pruned network to be a finite number, got NaN/,
    )
    expect(pair({ scores: [1], positiveClass: 1 })).toThrow(/expected as many scores as labels/)
    expect(pair({ logits: [...nan, ...nan, ...nan] })).toThrow(/expected logit 0 .* got NaN/)
    expect(pair({ logits: [1, 2, 3] })).toThrow(/expected a row of 2 logits or more/)
    expect(pair({ logits: new Array(16).fill(0) })).toThrow(
      new RangeError('Cannot audit: expected a logit for each of 3 classes, got 2 a sample'),
    )
    expect(pair({ predictions: nan })).toThrow(RangeError)
    expect(pair({ predictions: [0, 0, 0, 0, 1, 1, 1, -1] })).toThrow(RangeError)
    expect(pair({ threshold: 1 })).toThrow(/expected positiveClass beside threshold, got none/)
    expect(pair({ scores: labels, positiveClass: 5 })).toThrow(/expected positiveClass below/)
    expect(() => auditOutcomes(dense, pruned, { classes: 2 })).toThrow(RangeError)
  })

  it('auditOutcomes refuses groups, names and options that do not fit', () => {
    const options = (given: object) => () => auditOutcomes(dense, pruned, given)
    expect(options({ groups: { scanner: ['a', 'b'] } })).toThrow(
      new RangeError(
        'Cannot audit: expected a text for each of 8 samples as groups.scanner, got 2',
      ),
    )
    expect(options({ groups: { scanner: labels } })).toThrow(
      new TypeError('Cannot audit: expected a text as groups.scanner[0], got 0'),
    )
    expect(options({ groups: { scanner: 'abc' } })).toThrow(TypeError)
    expect(options({ groups: ['a'] })).toThrow(TypeError)
    expect(options({ classNames: ['one'] })).toThrow(
      new RangeError('Cannot audit: expected a name for each of 3 classes as classNames, got 1'),
    )
    expect(options({ classNames: [1, 2, 3] })).toThrow(TypeError)
    expect(options({ confidence: 1 })).toThrow(RangeError)
    expect(options({ bins: 0 })).toThrow(RangeError)
    expect(options({ group: {} })).toThrow(/did you mean groups\?/)
  })
})

describe('calibrationError', () => {
  it('calibrationError keeps equal probabilities in one bin, whatever their order', () => {
    const probabilities = [0.2, 0.2, 0.2, 0.7, 0.7]
    const wanted = (Math.abs(1 - 3 * 0.2) + Math.abs(1 - 2 * 0.7)) / 5
    for (const ys of [
      [1, 0, 0, 1, 0],
      [0, 0, 1, 0, 1],
    ])
      for (const bins of [2, 3, 5, 100])
        expect(calibrationError(ys, probabilities, { positiveClass: 1, bins })).toBeCloseTo(
          wanted,
          12,
        )
  })

  it('calibrationError is 0 where the probabilities are right, and refuses others', () => {
    expect(calibrationError([1, 0, 1], [1, 0, 1], { positiveClass: 1 })).toBe(0)
    expect(calibrationError([1, 0, 1], [0, 1, 0], { positiveClass: 1 })).toBe(1)
    // The softmax of some backends is a little more than 1.
    expect(calibrationError([1, 1], [1, 1.0000001], { positiveClass: 1 })).toBeCloseTo(0, 6)
    expect(() => calibrationError([1, 0], [0.5, 1.5], { positiveClass: 1 })).toThrow(
      new RangeError('Cannot compute calibrationError: expected probability 1 in [0, 1], got 1.5'),
    )
    expect(() => calibrationError([], [], { positiveClass: 1 })).toThrow(RangeError)
  })
})
