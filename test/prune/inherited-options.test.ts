import type { LayersModel } from '@tensorflow/tfjs-layers'
import {
  computeMask,
  metricAtMost,
  type PruneOptions,
  prune,
  pruneWeights,
  pruningRounds,
  type Round,
  selectWeights,
} from 'tfjs-prune'
import { auditRounds } from 'tfjs-prune/audit'
import {
  certify,
  certifyClassScores,
  certifyDecisions,
  certifyFront,
  certifyScores,
} from 'tfjs-prune/certify'
import { missesChart } from 'tfjs-prune/report'
import { toCsv } from 'tfjs-prune/runs'
import { pairedTable } from 'tfjs-prune/sweep'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imbalancedSamples, quickRun, type Samples, smallNetwork, weightBits } from './support.js'

/** The same options, none of them the object's own: as those of a class with getters. */
const inherited = <T extends object>(options: T): T => Object.create(options)

let data: Samples
let model: LayersModel
let options: PruneOptions
let rounds: readonly Round[]
beforeAll(async () => {
  data = imbalancedSamples(60)
  model = smallNetwork()
  options = quickRun(data, { schedule: [1, 0.5], training: { epochs: 3 } })
  rounds = (await prune(model, options)).rounds
})
afterAll(() => {
  for (const one of [data.xs, model]) one.dispose()
})

const risks = {
  positiveClass: 1,
  maximumFalseNegativeRate: 0.1,
  maximumFalsePositiveRate: 0.3,
  confidence: 0.95,
}
const labels = Array.from({ length: 300 }, (_, i) => i % 2)
const scores = labels.map((label, i) => label - 0.5 + (i % 7) / 100)
const level = { round: 0, density: 1, labels, scores }

describe('inherited options', () => {
  it('prune and pruningRounds follow them', async () => {
    const own = smallNetwork()
    const { rounds: found } = await prune(own, inherited(options))
    expect(found.map(({ density }) => density)).toEqual(rounds.map(({ density }) => density))
    expect(weightBits(own)).toEqual(weightBits(model))
    own.dispose()
    const other = smallNetwork()
    for await (const { density } of pruningRounds(other, inherited(options)))
      expect([1, 0.5]).toContain(density)
    other.dispose()
  })

  it('computeMask, pruneWeights and selectWeights follow them', async () => {
    const own = smallNetwork()
    const select = inherited({ include: /kernel$/, keepLastLayer: true })
    const wanted = await computeMask(own, {
      density: 0.25,
      select: { ...Object.getPrototypeOf(select) },
    })
    expect(await computeMask(own, inherited({ density: 0.25, select }))).toEqual(wanted)
    expect(selectWeights(own, select).weights).toHaveLength(2)
    expect(await pruneWeights(own, inherited({ density: 0.25, select }))).toEqual(wanted)
    own.dispose()
  })

  it('certify and its siblings follow them', async () => {
    const certified = async (wrap: typeof inherited) => {
      const calibration = imbalancedSamples(300, 2)
      const found = await certify(rounds, wrap({ ...risks, model, calibration }))
      calibration.xs.dispose()
      return found
    }
    expect(await certified(inherited)).toEqual(await certified((plain) => plain))
    expect(certifyScores([level], inherited(risks))).toEqual(certifyScores([level], risks))
    const tuning = { labels, scores: scores.map((score) => score + 0.001) }
    const file = { ...level, type: 'int8', bytes: 10, tuning }
    expect(certifyFront([file], inherited(risks))).toEqual(certifyFront([file], risks))
  })

  it('certificates of rates follow them', () => {
    const decided = { round: 0, density: 1, decisions: labels }
    const agreement = { maximumDisagreement: 0.05, confidence: 0.95 }
    expect(certifyDecisions([decided], inherited(agreement))).toEqual(
      certifyDecisions([decided], agreement),
    )
    const split = (shift: number) => {
      const rows = scores.map((score) => [0.5 - score / 2 - shift, 0.5 + score / 2 + shift])
      return { labels, probabilities: rows.flat() }
    }
    const one = { round: 0, density: 1, tuning: split(0), calibration: split(0.001) }
    const promise = { maximumFalseNegativeRates: { 1: 0.05 }, confidence: 0.95 }
    expect(certifyClassScores([one], inherited(promise))).toEqual(
      certifyClassScores([one], promise),
    )
  })

  it('a stopping rule, an audit, a chart and tables follow them', () => {
    const early = metricAtMost(({ density }) => density, 0, inherited({ stopEarly: 1 }))
    expect(early(rounds as never).stop).toBe(true)
    const [ledger, audit] = [{ falsePositiveRates: [0.25] }, { classNames: ['no', 'yes'] }]
    expect(toCsv(rounds, inherited(ledger))).toBe(toCsv(rounds, ledger))
    expect(auditRounds({ rounds }, inherited(audit))).toEqual(auditRounds({ rounds }, audit))
    const size = { width: 300 }
    expect(missesChart({ rounds }, inherited(size))).toEqual(missesChart({ rounds }, size))
    const rows = ['a', 'b'].flatMap((by) => [1, 2].map((seed) => ({ by, seed, loss: seed })))
    const table = { by: 'by', against: 'a', pair: ['seed'], figure: 'loss', direction: 'minimise' }
    expect(pairedTable(rows, inherited(table) as never)).toEqual(pairedTable(rows, table as never))
  })
})
