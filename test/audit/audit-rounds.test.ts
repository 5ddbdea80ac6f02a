import { auditOutcomes, auditRounds, formatAudit } from 'tfjs-prune/audit'
import { describe, expect, it } from 'vitest'
import { ledger } from '../support/round-reports.js'

const labels = Int32Array.of(0, 0, 0, 1, 1)
const said = [
  [0, 0, 0, 1, 1],
  [0, 0, 1, 1, 0],
  [1, 0, 1, 1, 0],
]
const rounds = ledger(said.map(() => ({}))).map((report, i) => {
  const predictions = Int32Array.from(said[i]!)
  const scores = Float64Array.from(said[i]!, (one) => 2 * one - 1)
  return {
    ...report,
    evaluation: { ...report.evaluation, labels, predictions, scores, positiveClass: 1 },
  }
})
const outcomes = rounds.map(({ evaluation }) => evaluation)

describe('auditRounds', () => {
  it('auditRounds holds round 0 against the last, the kept or the asked round', () => {
    const of = (round: number) => auditOutcomes(outcomes[0]!, outcomes[round]!)
    expect(auditRounds({ rounds })).toEqual(of(2))
    expect(auditRounds({ rounds, kept: { round: 1 } })).toEqual(of(1))
    expect(auditRounds({ rounds, kept: { round: 1 } }, { round: 2 })).toEqual(of(2))
    expect(of(2).overall.difference).toBeCloseTo(-0.6, 12)
  })

  it('auditRounds takes several runs as seeds, with groups', () => {
    const groups = { site: ['a', 'a', 'b', 'b', 'b'] }
    const audit = auditRounds([{ rounds }, { rounds, kept: { round: 1 } }], { groups })
    const [one, two] = [outcomes[2]!, outcomes[1]!]
    const pairs = auditOutcomes([outcomes[0]!, outcomes[0]!], [one, two], { groups })
    expect(audit).toEqual(pairs)
    expect(audit.groups.site).toHaveLength(2)
  })

  it('auditRounds looks at the set that is named', () => {
    const inSets = rounds.map((round) => {
      const { evaluation } = rounds[2 - round.round]!
      return {
        ...round,
        evaluation: { ...evaluation, set: 'first', sets: { test: round.evaluation } },
      }
    })
    const audit = auditRounds({ rounds: inSets }, { set: 'test' })
    expect(audit).toEqual(auditRounds({ rounds }))
    expect(auditRounds({ rounds: inSets })).not.toEqual(audit)
    expect(() => auditRounds({ rounds: inSets }, { set: 'tset' })).toThrow(
      'Cannot audit: expected a set among first, test, got "tset"',
    )
  })

  it('auditRounds finds the threshold that an evaluation was decided by', () => {
    const scores = Float64Array.of(-3, -1, 1, 2, 4)
    const decided = [0, 0, 0, 1, 1]
    const evaluation = { labels, predictions: Int32Array.from(decided), scores, positiveClass: 1 }
    const apart = rounds.map((round) => ({ ...round, evaluation }))
    const audit = auditRounds({ rounds: apart })
    expect(audit).toEqual(
      auditOutcomes({ ...evaluation, threshold: 2 }, { ...evaluation, threshold: 2 }),
    )
    expect(audit).not.toEqual(auditOutcomes(evaluation, evaluation))
  })

  it('auditRounds refuses what holds nothing to compare', () => {
    expect(() => auditRounds(rounds as never)).toThrow(TypeError)
    expect(() => auditRounds({ rounds }, { round: 9 })).toThrow(
      new RangeError('Cannot audit: expected round 9, got rounds 0, 1, 2'),
    )
    expect(() => auditRounds({ rounds: rounds.slice(0, 1) })).toThrow(
      new RangeError('Cannot audit: expected a round after round 0, got round 0'),
    )
    expect(() => auditRounds({ rounds: rounds.slice(1) })).toThrow(/expected round 0, got rounds 1/)
    expect(() => auditRounds({ rounds: [] })).toThrow(/expected round 0, got rounds none/)
    expect(() => auditRounds({ rounds: ledger([{}, {}]) })).toThrow(
      /expected \{ labels, predictions \} of the dense network .*, got no labels/,
    )
  })
})

describe('formatAudit', () => {
  it('formatAudit writes a row a part, in columns of one width, and the findings', () => {
    const options = { classNames: ['well', 'ill'], groups: { site: ['a', 'a', 'b', 'b', 'b'] } }
    const lines = formatAudit(auditRounds({ rounds }, options)).split('\n')
    expect(lines.slice(0, 2)).toEqual([
      'Audit of one pair of networks on 5 samples',
      'Recalls in %, with intervals of 95 %; lost and regained samples a pair',
    ])
    const rows = lines.slice(3, 3 + 10)
    expect(rows.map((row) => row.slice(0, 12).trimEnd())).toEqual(
      [
        '',
        'all',
        'class well',
        'class ill',
        'site a',
        '  class well',
        '  class ill',
        'site b',
      ].concat(['  class well', '  class ill']),
    )
    expect(new Set(rows.map(({ length }) => length)).size).toBe(1)
    expect(rows[2]).toMatch(/ 3 +100\.0 \[29\.2, 100\.0\] +33\.3 \[0\.8, 90\.6\] +-66\.7 \[/)
    expect(rows[6]).toMatch(/ 0 +- +- +- +- +0 +0$/)
    const text = lines.join('\n')
    expect(text).toContain('most harmed: class well, which loses 66.7 points')
    expect(text).toContain('exemplars: 3 of 5 samples change their modal prediction')
    expect(text).toContain('note: one pair of networks: impact is not tested')
    expect(text).not.toContain('impact: no part')
  })

  it('formatAudit says which parts are hit unlike the average, also of an audit from JSON', () => {
    const networks = (misses: readonly number[]) =>
      misses.map((missed) => {
        const ys = Array.from({ length: 200 }, (_, i) => Number(i < 50))
        return { labels: ys, predictions: ys.map((label, i) => (i < missed ? 0 : label)) }
      })
    const audit = auditOutcomes(networks([3, 4, 5, 4, 3]), networks([15, 17, 18, 15, 16]))
    expect(audit.impactedClasses).toEqual([0, 1])
    const text = formatAudit(JSON.parse(JSON.stringify(audit)))
    expect(text).toMatch(
      /impact: class 0 is hit less than the average, by 6\.2 points \(p <\.0001\)/,
    )
    expect(text).toMatch(/impact: class 1 is hit harder than the average, by 18\.6 points/)
    expect(text).toContain('recalls are pulled further apart')
  })
})
