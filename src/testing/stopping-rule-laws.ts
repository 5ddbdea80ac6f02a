import { randomStream } from '../internal/random.js'
import type { RoundReport, StoppingRule } from '../types.js'
import { expectOneOf, expectSame, expectThat } from './expectations.js'
import type { Law } from './law.js'

/** A report of ten positives and ten negatives. */
function report(round: number, density: number, falseNegatives: number, auc: number): RoundReport {
  const confusion = {
    truePositives: 10 - falseNegatives,
    falseNegatives,
    falsePositives: 1,
    trueNegatives: 9,
  }
  const rates = { falseNegativeRate: falseNegatives / 10, falsePositiveRate: 0.1, accuracy: 0.9 }
  const seconds = { training: 1, scoring: 1, evaluation: 1 }
  const kept = Math.round(1000 * density)
  const evaluation = { confusion, ...rates, auc, loss: 0.3 }
  return {
    round,
    density,
    densityOverAll: density,
    kept,
    weights: [],
    evaluation,
    trainingLoss: 0.1,
    seconds,
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) deepFreeze(part)
  }
  return value
}

/**
 * Calls `check` with a hundred lists of zero to seven rounds, density falling or level, frozen to
 * the last object.
 */
function onRounds(check: (rounds: readonly RoundReport[]) => void): void {
  const { below } = randomStream(1)
  for (let run = 0; run < 100; run++) {
    let density = 1
    const rounds = Array.from({ length: run % 8 }, (_, round) => {
      if (round > 0) density *= [0.5, 0.8, 1][below(3)]!
      return report(round, density, below(11), [0.5, 0.7, 0.8, 0.9, 1][below(5)]!)
    })
    check(deepFreeze(rounds))
  }
}

const withoutPositives = () =>
  [1, 0.5, 0.25].map((density, round) => {
    const plain = report(round, density, 0, Number.NaN)
    const confusion = { ...plain.evaluation.confusion, truePositives: 0 }
    return {
      ...plain,
      evaluation: { ...plain.evaluation, confusion, falseNegativeRate: Number.NaN },
    }
  })

/**
 * The duties of a {@link StoppingRule}.
 *
 * @example
 * ```ts
 * import { falseNegativesAtMost } from 'tfjs-prune'
 * import { stoppingRuleLaws } from 'tfjs-prune/testing'
 *
 * for (const { check } of stoppingRuleLaws) await check(() => falseNegativesAtMost(3))
 * ```
 */
export const stoppingRuleLaws: readonly Law<StoppingRule>[] = [
  {
    law: 'goes on and keeps nothing before a round is finished',
    check: (make) => {
      const { stop, keep } = make()([])
      expectSame(stop, false, 'stop')
      expectSame(keep, undefined, 'keep')
    },
  },
  {
    law: 'says why, in words',
    check: (make) =>
      onRounds((rounds) => {
        const { stop, reason } = make()(rounds)
        expectSame(typeof stop, 'boolean', 'the type of stop')
        expectThat(/\w/.test(reason), 'a reason in words', reason)
      }),
  },
  {
    law: 'lists the rounds that meet it, each once, in order',
    check: (make) =>
      onRounds((rounds) => {
        const { feasible = [] } = make()(rounds)
        const ordered = [...rounds.keys()].filter((index) => feasible.includes(index))
        expectSame([...feasible], ordered, 'feasible')
      }),
  },
  {
    law: 'keeps a round that meets it whenever there is one, and none otherwise',
    check: (make) =>
      onRounds((rounds) => {
        const { keep, feasible = [...rounds.keys()] } = make()(rounds)
        expectOneOf(keep, feasible.length === 0 ? [undefined] : feasible, 'keep')
      }),
  },
  {
    law: 'is pure: the same decision again, also when it is made again',
    check: (make) =>
      onRounds((rounds) => {
        const rule = make()
        const first = rule(rounds)
        for (let end = 0; end < rounds.length; end++) rule(rounds.slice(0, end))
        expectSame(rule(rounds), first, 'the decision of the second call')
        expectSame(make()(rounds), first, 'the decision of a second one')
      }),
  },
  {
    law: 'decides without positives, where rates and areas are NaN',
    check: (make) => {
      const { stop, reason, keep } = make()(deepFreeze(withoutPositives()))
      expectSame(typeof stop, 'boolean', 'the type of stop')
      expectThat(/\w/.test(reason), 'a reason in words', reason)
      expectOneOf(keep, [undefined, 0, 1, 2], 'keep')
    },
  },
]
