import { clopperPearson, falseNegativeRateAt } from 'tfjs-prune/metrics'
import { falseAlarmsChart, missesChart } from 'tfjs-prune/report'
import { renderSvg } from 'tfjs-prune/report/vega'
import { describe, expect, it } from 'vitest'
import { chartedRounds } from '../support/charted-rounds.js'
import { refusalOf } from '../support/refusal-of.js'
import { ledger as reports } from '../support/round-reports.js'
import { drawnMarks } from './rendered.js'

const missing = (counts: readonly number[]) =>
  reports(counts.map((falseNegatives) => ({ falseNegatives, truePositives: 53 - falseNegatives })))
const findingOf = (counts: readonly number[]) => missesChart(missing(counts)).usermeta.finding

type Encoding = Readonly<Record<string, { scale: { range: readonly unknown[] } }>>

describe('missesChart', () => {
  it('missesChart draws the rate of each level with its exact interval', async () => {
    const marks = await drawnMarks(missesChart(missing([6, 3, 1])))
    const points = marks.filter(({ type }) => type === 'symbol')
    expect(points.map(({ x }) => x)).toEqual([100, 50, 25].map((left) => expect.closeTo(left, 6)))
    const rates = [600, 300, 100].map((hundredths) => expect.closeTo(hundredths / 53, 6))
    expect(points.map(({ y }) => y)).toEqual(rates)
    const bars = marks.filter(({ type }) => type === 'rule')
    const { lower, upper } = clopperPearson(1, 53)
    expect(bars).toHaveLength(3)
    expect([bars[2]!.y, bars[2]!.y2].sort((a, b) => a - b)).toEqual([
      expect.closeTo(100 * lower, 6),
      expect.closeTo(100 * upper, 6),
    ])
  })

  it('missesChart draws the marks of its legend without dashes around them', async () => {
    const counts = { black: [2, 1], red: [2, 3] }
    const runs = Object.entries(counts).map(([name, of]) => ({ name, rounds: missing(of) }))
    const svg = await renderSvg(missesChart(runs))
    const [, legend] = svg.split('role-legend"')
    const widths = [...legend!.matchAll(/ stroke-width="(\d+)"/g)].map(([, width]) => width)
    expect(widths).toEqual(['0', '0'])
  })

  it('missesChart says in its title whether misses stay, fall or grow', () => {
    expect(findingOf([2, 2, 2])).toBe('Misses stay at 2 of 53 down to 25 % of the weights')
    expect(findingOf([6, 3, 1])).toBe('Misses fall from 6 to 1 of 53 at 25 % of the weights')
    expect(findingOf([2, 3, 9])).toBe('Misses grow from 2 to 9 of 53 at 25 % of the weights')
    expect(findingOf([2, 3, 2])).toBe(
      'Misses are 2 of 53 at 25 % of the weights, as in the dense network',
    )
    expect(findingOf([2, 53, 53])).toBe(
      'All 53 positives are missed at 25 % of the weights, 2 of 53 in the dense network',
    )
    expect(findingOf([53])).toBe('All 53 positives are missed at 100 % of the weights')
    expect(findingOf([4])).toBe('Misses: 4 of 53 at 100 % of the weights')
  })

  it('missesChart speaks of the kept level, and says that none is kept', async () => {
    const rounds = missing([2, 3, 9])
    const kept = missesChart({ rounds, kept: rounds[1]! })
    expect(kept.usermeta.finding).toBe('Misses grow from 2 to 3 of 53 at 50 % of the weights')
    const rings = (await drawnMarks(kept)).filter(({ row }) => row.isKept === true)
    expect(rings.filter(({ type }) => type === 'symbol').map(({ x }) => x)).toEqual(
      [50, 50].map((left) => expect.closeTo(left, 6)), // the point and its ring
    )
    const none = missesChart({ rounds, kept: undefined, feasible: false })
    expect(none.usermeta.finding).toBe(
      'No level is kept: misses grow from 2 to 9 of 53 at 25 % of the weights',
    )
  })

  it('missesChart compares settings at the sparsest level that they share', async () => {
    const chart = missesChart([
      { name: 'plain', rounds: missing([2, 4, 8]) },
      { name: 'a teacher', rounds: missing([2, 1, 1, 7]) },
    ])
    expect(chart.usermeta.finding).toBe(
      'Misses at 25 % of the weights: 1.89 % with a teacher, 15.1 % with plain',
    )
    const points = (await drawnMarks(chart)).filter(({ type }) => type === 'symbol')
    expect(points).toHaveLength(7)
    const places = points.map(({ x }) => x)
    expect(new Set(places.map((x) => x.toFixed(3))).size).toBe(7) // beside each other
  })

  it('missesChart draws seeds of one name as their mean with a band', async () => {
    const runs = [0, 2, 7].map((more) => ({ name: 'plain', rounds: missing([more, more + 3]) }))
    const chart = missesChart(runs)
    expect(chart.usermeta.finding).toBe('Misses grow from 5.66 % to 11.3 % at 50 % of the weights')
    const marks = await drawnMarks(chart)
    const means = marks.filter(({ type }) => type === 'symbol').map(({ y }) => y)
    expect(means).toEqual([300, 600].map((hundredths) => expect.closeTo(hundredths / 53, 6)))
    const band = marks.filter(({ type }) => type === 'area')
    expect(band.map(({ y, y2 }) => [y, y2].sort((a, b) => a - b))).toEqual([
      [expect.closeTo(0, 6), expect.closeTo(700 / 53, 6)],
      [expect.closeTo(300 / 53, 6), expect.closeTo(1000 / 53, 6)],
    ])
    expect(marks.filter(({ type }) => type === 'rule')).toEqual([])
  })

  it('missesChart tells 20 settings apart, each by another line and another point', () => {
    const runs = Array.from({ length: 20 }, (_, i) => ({ name: `s${i}`, rounds: missing([2, 3]) }))
    const { encoding, layer } = missesChart(runs) as unknown as {
      encoding: Encoding
      layer: readonly { encoding: Encoding }[]
    }
    const rangeOf = (channel: string) =>
      [encoding, ...layer.map((one) => one.encoding)].find((one) => one[channel])![channel]!.scale
        .range
    for (const channel of ['strokeDash', 'shape']) {
      const looks = rangeOf('color').map((color, i) => `${color} ${rangeOf(channel)[i]}`)
      expect(new Set(looks).size).toBe(20)
    }
  })

  it('missesChart counts misses at a fixed rate of false alarms', async () => {
    const rounds = chartedRounds(3)
    const chart = missesChart(rounds, { atFalsePositiveRate: 0.1 })
    const points = (await drawnMarks(chart)).filter(({ type }) => type === 'symbol')
    const wanted = rounds.map(({ evaluation: { labels, scores } }) =>
      falseNegativeRateAt(labels!, scores!, { positiveClass: 1, falsePositiveRate: 0.1 }),
    )
    expect(points.map(({ y }) => y)).toEqual(wanted.map((rate) => expect.closeTo(100 * rate, 6)))
    expect(chart.usermeta.finding).toContain('10 % false alarms')
  })

  it('missesChart names the rounds that it leaves out, and reads rounds from JSON', async () => {
    const [dense, half] = missing([2, 2])
    const without = { ...half!, evaluation: { confusion: { ...half!.evaluation.confusion } } }
    const empty = { truePositives: 0, falseNegatives: 0, falsePositives: 0, trueNegatives: 9 }
    const none = { ...half!, round: 2, evaluation: { confusion: empty } }
    const stored = JSON.parse(JSON.stringify([dense, without, none]))
    const chart = missesChart(stored)
    expect(chart.usermeta.notes).toContain('Not drawn, since it is not defined: round 2.')
    expect((await drawnMarks(chart)).filter(({ type }) => type === 'symbol')).toHaveLength(2)
  })

  it('missesChart refuses a run without misses, no rounds, and wrong options', () => {
    const [round] = missing([1])
    expect(refusalOf(() => missesChart([{ ...round!, evaluation: { error: 1 } }]))).toBe(
      'RangeError: Cannot chart the misses: expected an evaluation of run 1 that tells its misses, got none where they are defined',
    )
    expect(refusalOf(() => missesChart([]))).toMatch(/^RangeError/)
    expect(refusalOf(() => missesChart({ rounds: [] }))).toMatch(/^RangeError/)
    expect(refusalOf(() => missesChart(undefined as never))).toMatch(/^TypeError/)
    expect(refusalOf(() => missesChart([{ round: 1 } as never]))).toMatch(/^TypeError/)
    expect(refusalOf(() => missesChart([round!], { width: 100 }))).toMatch(/^RangeError/)
    expect(refusalOf(() => missesChart([round!], { theme: 'blue' as never }))).toMatch(
      /^RangeError/,
    )
    expect(refusalOf(() => missesChart([round!], { colour: 'red' } as never))).toMatch(/^TypeError/)
  })

  it('missesChart keeps hostile names as text', async () => {
    const name = `</svg><script>alert("1")</script>' + datum`
    const chart = missesChart([
      { name, rounds: missing([1, 2]) },
      { name: 'b', rounds: missing([1, 2]) },
    ])
    const { renderSvg } = await import('tfjs-prune/report/vega')
    expect(await renderSvg(chart)).not.toContain('<script')
  })
})

describe('falseAlarmsChart', () => {
  it('falseAlarmsChart draws the negatives that are taken for positives', async () => {
    const rounds = reports([{ falsePositives: 0 }, { falsePositives: 3 }])
    const chart = falseAlarmsChart(rounds)
    expect(chart.usermeta.finding).toBe(
      'False alarms grow from 0 to 3 of 10 at 50 % of the weights',
    )
    const points = (await drawnMarks(chart)).filter(({ type }) => type === 'symbol')
    expect(points.map(({ y }) => y)).toEqual([expect.closeTo(0, 6), expect.closeTo(30, 6)])
  })
})
