import { auditOutcomes } from 'tfjs-prune/audit'
import { describe, expect, it } from 'vitest'
import { spearman } from '../../src/audit/spearman.js'
import { studentPValue, studentQuantile } from '../../src/audit/student-t.js'
import golden from '../golden/audit.json'

const near = (got: number | null | undefined, wanted: number, relative = 1e-10) => {
  expect(got).toBeTypeOf('number')
  expect(Math.abs(got! - wanted)).toBeLessThanOrEqual(relative * Math.max(Math.abs(wanted), 1e-3))
}

describe('studentPValue', () => {
  it.each(golden.tails)('studentPValue agrees with SciPy: t $t, $df', ({ t, df, pValue }) => {
    near(studentPValue(t, df), pValue)
  })
})

describe('studentQuantile', () => {
  it.each(golden.quantiles)('studentQuantile agrees with SciPy: $confidence, $df', (wanted) => {
    near(studentQuantile(wanted.confidence, wanted.df), wanted.t)
  })
})

describe('spearman', () => {
  it.each(golden.correlations)('spearman agrees with SciPy: $first', (wanted) => {
    near(spearman(wanted.first, wanted.second), wanted.correlation)
  })
})

const predictionsOf = (rows: readonly number[][]) =>
  rows.map((row) => row.indexOf(Math.max(...row)))

describe.each(golden.populations)('auditOutcomes', (population) => {
  const { labels } = population
  const outcomes = (networks: readonly number[][][]) =>
    networks.map((rows) => ({ labels, logits: rows.flat(), predictions: predictionsOf(rows) }))
  const audit = auditOutcomes(outcomes(population.dense), outcomes(population.pruned), {
    bins: golden.bins,
  })

  it('auditOutcomes agrees with SciPy on recalls, changes, impact and calibration', () => {
    for (const [i, wanted] of population.byClass.entries()) {
      const { dense, pruned, difference, differenceInterval, pValue, impact } = audit.byClass[i]!
      for (const [side, { mean, lower, upper }] of [
        [dense, wanted.dense],
        [pruned, wanted.pruned],
      ] as const) {
        near(side.recall, mean)
        near(side.interval?.lower, Math.max(0, lower))
        near(side.interval?.upper, Math.min(1, upper))
      }
      near(difference, wanted.difference.mean)
      near(differenceInterval?.lower, Math.max(-1, wanted.difference.lower))
      near(differenceInterval?.upper, Math.min(1, wanted.difference.upper))
      near(pValue, wanted.pValue)
      near(impact?.statistic, wanted.statistic)
      near(impact?.degreesOfFreedom, wanted.degreesOfFreedom)
      near(impact?.pValue, wanted.impactPValue)
      near(impact?.adjustedPValue, wanted.adjustedPValue)
      expect(impact?.isBeyondChance).toBe(wanted.adjustedPValue <= 0.05)
      near(dense.calibrationError, wanted.calibration[0]!)
      near(pruned.calibrationError, wanted.calibration[1]!)
      near(dense.distance, wanted.distance[0]!)
      near(pruned.distance, wanted.distance[1]!)
    }
  })

  it('auditOutcomes agrees with NumPy on the intensification ratio', () => {
    near(audit.distortion.intensification, population.intensification.mean)
    near(audit.distortion.intensificationInterval?.lower, population.intensification.lower)
    near(audit.distortion.intensificationInterval?.upper, population.intensification.upper)
  })

  it('auditOutcomes finds the exemplars and the rank correlations of SciPy', () => {
    expect(audit.exemplars.map(({ sample }) => sample)).toEqual(population.exemplars)
    if (!population.correlations) return expect(audit.correlations).toBeNull()
    const mean = population.correlations.reduce((sum, one) => sum + one, 0) / labels.length
    near(audit.correlations?.mean, mean)
    const least = [...population.correlations].sort((a, b) => a - b)
    expect(audit.correlations?.lowest).toHaveLength(Math.floor(labels.length / 20))
    for (const [i, { sample, correlation }] of audit.correlations!.lowest.entries()) {
      near(correlation, least[i]!)
      near(correlation, population.correlations[sample]!)
    }
  })
})
