import {
  type EvaluateSets,
  evaluateOn,
  falseNegativesAtMost,
  newMissesAtMost,
  onSet,
  prune,
  type Round,
} from 'tfjs-prune'
import { ledger } from 'tfjs-prune/metrics'
import { reportHtml } from 'tfjs-prune/report'
import { loadRounds, memoryStore, toCsv, toJson } from 'tfjs-prune/runs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lateRefusalOf, refusalOf } from '../support/refusal-of.js'
import { imbalancedSamples, quickRun, type Samples, smallNetwork } from './support.js'

let data: Samples
let other: Samples
let sets: EvaluateSets
let rounds: readonly Round[]
const store = memoryStore()
beforeAll(async () => {
  data = imbalancedSamples(60)
  other = imbalancedSamples(45, 7)
  const on = (samples: Samples) => evaluateOn(samples, { positiveClass: 1 })
  sets = { validation: on(data), test: on(other) }
  const model = smallNetwork()
  const options = quickRun(data, { schedule: [1, 0.5, 0.1], store })
  rounds = (await prune(model, { ...options, evaluate: sets })).rounds
  model.dispose()
})
afterAll(() => {
  for (const { xs } of [data, other]) xs.dispose()
})

describe('prune', () => {
  it('prune measures every named set, and the evaluation is that of the first', async () => {
    const model = smallNetwork()
    const alone = await prune(model, quickRun(data, { schedule: [1, 0.5, 0.1] }))
    for (const [i, { evaluation }] of rounds.entries()) {
      const { set, sets: others, ...first } = evaluation
      expect(first).toEqual(alone.rounds[i]!.evaluation)
      expect([set, Object.keys(others!)]).toEqual(['validation', ['test']])
      expect(others!.test!.labels).toHaveLength(45)
    }
    const losses = rounds.map(({ evaluation }) => evaluation.sets!.test!.loss)
    expect(new Set(losses).size).toBe(3)
    model.dispose()
  })

  it('prune keeps the sets in a store', async () => {
    const stored = await loadRounds(store)
    expect(stored.map(({ evaluation }) => evaluation)).toEqual(
      rounds.map(({ evaluation }) => evaluation),
    )
  })

  it('prune goes on from rounds of the same sets alone, the same one first', async () => {
    const model = smallNetwork()
    const { validation, test } = sets
    const run = (evaluate: unknown) =>
      lateRefusalOf(() => prune(model, { ...quickRun(data), evaluate, resume: rounds } as never))
    expect(await run({ test, validation })).toBe(
      'RangeError: Cannot resume: expected rounds measured on test, validation, got round 0 on validation, test',
    )
    expect(await run({ validation })).toMatch(/expected rounds measured on validation, got round 0/)
    expect(await run(validation)).toMatch(/expected rounds measured on one set without a name/)
    const names = { validation, 2024: test }
    expect(
      await lateRefusalOf(() => prune(model, { ...quickRun(data), evaluate: names } as never)),
    ).toMatch(/expected names of sets with a letter, got 2024/)
    model.dispose()
  })

  it('prune refuses sets that are no evaluations, before training', async () => {
    const model = smallNetwork()
    const late = (evaluate: unknown) =>
      lateRefusalOf(() => prune(model, { ...quickRun(data), evaluate } as never))
    expect(await late({ validation: sets.validation, test: 3 })).toMatch(
      /^TypeError.*expected evaluate\.test to be an evaluation function, such as evaluateOn\(data, \{ positiveClass: 1 \}\), got 3/,
    )
    expect(await late({})).toMatch(/^TypeError.*evaluate/)
    const wrong = evaluateOn({ xs: other.xs, ys: other.ys.map((y) => 4 * y) }, { positiveClass: 4 })
    expect(await late({ validation: sets.validation, test: wrong })).toMatch(/^RangeError.*got 4/)
    model.dispose()
  })
})

describe('onSet', () => {
  it('onSet lets a rule look at the named set', () => {
    const misses = (set: string) =>
      rounds.map((round) => onSet(set, falseNegativesAtMost(0))([round]).keep)
    const wanted = (missed: readonly number[]) => missed.map((one) => (one === 0 ? 0 : undefined))
    const counted = rounds.map(({ evaluation }) => evaluation)
    expect(misses('validation')).toEqual(wanted(counted.map((e) => e.confusion.falseNegatives)))
    expect(misses('test')).toEqual(
      wanted(counted.map(({ sets }) => sets!.test!.confusion.falseNegatives)),
    )
    const decision = onSet('test', newMissesAtMost(45))(rounds)
    expect(decision.keep).toBe(2)
    expect(decision.reason).toMatch(/^on test: \d+ new misses/)
  })

  it('onSet with an unknown set ends a run before it trains', async () => {
    const model = smallNetwork()
    let trainings = 0
    const train = () => void trainings++
    const stop = onSet('tset', falseNegativesAtMost(1))
    const run = { ...quickRun(data), evaluate: sets, train, stop }
    expect(await lateRefusalOf(() => prune(model, run as never))).toMatch(
      /expected a set among validation, test, got "tset"/,
    )
    expect(trainings).toBe(0)
    model.dispose()
  })

  it('onSet refuses names and rules that are none, and rounds without the set', () => {
    expect(refusalOf(() => onSet('train', falseNegativesAtMost(1))(rounds))).toBe(
      'TypeError: Cannot look at a set: expected a set among validation, test, got "train"',
    )
    const unnamed = rounds.map((round) => ({ ...round, evaluation: round.evaluation.sets!.test! }))
    expect(refusalOf(() => onSet('test', falseNegativesAtMost(1))(unnamed))).toMatch(
      /expected a set among one set without a name/,
    )
    expect(refusalOf(() => onSet(1 as never, falseNegativesAtMost(1)))).toMatch(/^TypeError/)
    expect(refusalOf(() => onSet('test', falseNegativesAtMost as never))).toMatch(/^TypeError/)
  })
})

describe('ledger', () => {
  it('ledger tells a named set, and toJson and toCsv tell all', () => {
    const onTest = rounds.map((round) => ({ ...round, evaluation: round.evaluation.sets!.test! }))
    const [first] = ledger(rounds, { set: 'test' })
    expect(first).toEqual({ ...ledger(onTest)[0], worstClass: null, worstRecall: null })
    expect(ledger(rounds, { set: 'validation' })).toEqual(ledger(rounds))
    const rows = JSON.parse(toJson(rounds))
    expect(rows[1]['test.falseNegatives']).toBe(ledger(onTest)[1]!.falseNegatives)
    expect(rows[1]['test.falseNegativesAt0.1']).toBe(
      ledger(onTest)[1]!.atFalsePositiveRates[1]!.falseNegatives,
    )
    expect(rows[1].falseNegatives).toBe(ledger(rounds)[1]!.falseNegatives)
    expect(toCsv(rounds).split('\r\n')[0]).toContain('test.auc')
    expect(toJson(rounds, { set: 'test' })).not.toContain('test.auc')
    expect(refusalOf(() => ledger(rounds, { set: 'train' }))).toMatch(/^TypeError/)
    expect(refusalOf(() => ledger(rounds, { set: 1 as never }))).toMatch(/^TypeError/)
  })
})

describe('reportHtml', () => {
  it('reportHtml writes the levels on each set', async () => {
    const page = await reportHtml(rounds)
    expect(page).toContain('<h2>Levels on validation</h2>')
    expect(page).toContain('<h2>Levels on test</h2>')
    expect(page).not.toContain('<h2>Levels</h2>')
  })
})
