import fc from 'fast-check'
import { expect } from 'vitest'
import type { RoundReport, StoppingRule } from '../../src/types.js'
import { ledger, ledgers } from '../support/round-reports.js'
import { conformance, type Law } from './laws.js'

/** Runs the contract of a stopping rule over one member: `make` makes it anew. */
export function stoppingRuleConformance(name: string, make: () => StoppingRule): void {
  conformance(name, stoppingRuleLaws, make)
}

/** Calls `check` with ledgers of zero to seven rounds, all frozen. */
function onLedgers(check: (rounds: readonly RoundReport[]) => void): void {
  fc.assert(fc.property(ledgers, (rounds) => check(rounds)))
}

const WITHOUT_POSITIVES = ledger([1, 0.5, 0.25].map((density) => ({ density, truePositives: 0, auc: Number.NaN })))

/** The laws, for those who test the suite itself. */
export const stoppingRuleLaws: readonly Law<StoppingRule>[] = [
  {
    law: 'goes on and keeps nothing before a round is finished',
    check: (make) => {
      const { stop, keep } = make()([])
      expect({ stop, keep }).toEqual({ stop: false, keep: undefined })
    },
  },
  {
    law: 'says why, in words',
    check: (make) => {
      onLedgers((rounds) => {
        const { stop, reason } = make()(rounds)
        expect(typeof stop).toBe('boolean')
        expect(reason).toMatch(/\w/)
      })
    },
  },
  {
    law: 'lists the rounds that meet it, each once, in order',
    check: (make) => {
      onLedgers((rounds) => {
        const { feasible = [] } = make()(rounds)
        expect(feasible).toEqual([...rounds.keys()].filter((index) => feasible.includes(index)))
      })
    },
  },
  {
    law: 'keeps a round that meets it whenever there is one, and none otherwise',
    check: (make) => {
      onLedgers((rounds) => {
        const { keep, feasible = [...rounds.keys()] } = make()(rounds)
        if (feasible.length === 0) expect(keep).toBeUndefined()
        else expect(feasible).toContain(keep)
      })
    },
  },
  {
    law: 'is pure: the same decision again, also when it is made again',
    check: (make) => {
      onLedgers((rounds) => {
        const rule = make()
        const first = rule(rounds)
        for (let end = 0; end < rounds.length; end++) rule(rounds.slice(0, end))
        expect(rule(rounds)).toEqual(first)
        expect(make()(rounds)).toEqual(first)
      })
    },
  },
  {
    law: 'decides without positives, where rates and areas are NaN',
    check: (make) => {
      const { stop, reason, keep } = make()(WITHOUT_POSITIVES)
      expect(typeof stop).toBe('boolean')
      expect(reason).toMatch(/\w/)
      expect([undefined, 0, 1, 2]).toContain(keep)
    },
  },
]
