import { aucRoc, averagePrecision } from 'tfjs-prune/metrics'
import {
  type ChartedRun,
  type ChartSpec,
  precisionRecallChart,
  rocChart,
  scoreHistogramsChart,
} from 'tfjs-prune/report'
import { describe, expect, it } from 'vitest'
import { chartedRounds } from '../support/charted-rounds.js'
import { refusalOf } from '../support/refusal-of.js'
import { drawnMarks } from './rendered.js'

const rounds = chartedRounds(4)
const shown = rounds[3]!.evaluation
const { confusion } = shown

const members: readonly [string, (run: ChartedRun | typeof rounds) => ChartSpec][] = [
  ['rocChart', rocChart],
  ['precisionRecallChart', precisionRecallChart],
  ['scoreHistogramsChart', scoreHistogramsChart],
]

describe('charts of scores', () => {
  for (const [name, chart] of members) {
    it(`${name} leaves out rounds without scores and says why`, async () => {
      const [first, second, third, fourth] = rounds
      const { scores: _, ...unscored } = second!.evaluation
      const broken = third!.evaluation.scores!.slice()
      broken[3] = Number.NaN
      const zeros = new Int32Array(200)
      const charted = [
        first!,
        { ...second!, evaluation: unscored },
        { ...third!, evaluation: { ...third!.evaluation, scores: broken } },
        { ...fourth!, evaluation: { ...fourth!.evaluation, labels: zeros } },
      ]
      const { usermeta } = chart(charted)
      expect(usermeta.notes.at(-1)).toBe(
        'Not drawn: round 1 (no scores are stored), round 2 (a score is NaN) and round 3 (no positives).',
      )
      expect(refusalOf(() => chart(charted.slice(1)))).toMatch(/^RangeError: .*round 1 \(no scores/)
    })

    it(`${name} draws at most seven levels, the kept one among them`, async () => {
      const many = Array.from({ length: 20 }, (_, round) => {
        return { ...rounds[round % 4]!, round, density: 0.9 ** round }
      })
      const drawn = chart({ rounds: many, kept: { round: 11 } })
      expect(drawn.usermeta.notes).toContain('7 of 20 levels are drawn.')
      const levels = new Set((await drawnMarks(drawn)).map(({ row }) => row.level))
      expect(levels.size).toBe(7)
      expect(levels).toContain(`${Number((100 * 0.9 ** 11).toPrecision(3))} %`)
    })

    it(`${name} reads rounds from JSON`, () => {
      expect(chart(JSON.parse(JSON.stringify(rounds)))).toEqual(chart(rounds))
    })
  }
})

describe('rocChart', () => {
  it('rocChart draws curves of the right area, and the decisions of each level', async () => {
    const chart = rocChart(rounds)
    const marks = await drawnMarks(chart)
    const area = aucRoc(shown.labels!, shown.scores!, { positiveClass: 1 })
    const line = marks.filter(({ type, row }) => type === 'line' && row.level === '12.5 %')
    expect(areaUnder(line)).toBeCloseTo(area, 2) // points that no screen shows are left out
    expect(chart.usermeta.finding).toContain(`to ${area.toFixed(3)} at 12.5 % of the weights`)
    const point = marks.find(({ type, row }) => type === 'symbol' && row.round === 3)!
    expect(point.x).toBeCloseTo((100 * confusion.falsePositives) / 160, 6)
    expect(point.y).toBeCloseTo((100 * confusion.truePositives) / 40, 6)
  })

  it('rocChart draws the kept level thicker, and no other', async () => {
    const chart = rocChart({ rounds, kept: { round: 2 } })
    const marks = await drawnMarks(chart)
    const thick = (type: string, least: number) =>
      new Set(
        marks
          .filter((mark) => mark.type === type && (mark.thickness ?? 0) > least)
          .map(({ row }) => row.level),
      )
    expect([...thick('line', 3)]).toEqual(['25 %'])
    expect([...thick('symbol', 100)]).toEqual(['25 %'])
    expect(chart.usermeta.notes).toContain('Thicker: the kept level.')
    expect(rocChart(rounds).usermeta.notes).not.toContain('Thicker: the kept level.')
  })

  const areaUnder = (line: readonly { x: number; y: number }[]) =>
    line.slice(1).reduce((sum, { x, y }, i) => sum + ((x - line[i]!.x) * (y + line[i]!.y)) / 2, 0) /
    10_000
})

describe('precisionRecallChart', () => {
  it('precisionRecallChart tells the average precision and marks the decisions', async () => {
    const chart = precisionRecallChart(rounds)
    const average = averagePrecision(shown.labels!, shown.scores!, { positiveClass: 1 })
    expect(chart.usermeta.finding).toContain(`to ${average.toFixed(3)} at 12.5 %`)
    const marks = await drawnMarks(chart)
    const point = marks.find(({ type, row }) => type === 'symbol' && row.round === 3)!
    expect(point.x).toBeCloseTo((100 * confusion.truePositives) / 40, 6)
    const alarms = confusion.truePositives + confusion.falsePositives
    expect(point.y).toBeCloseTo((100 * confusion.truePositives) / alarms, 6)
  })
})

describe('scoreHistogramsChart', () => {
  it('scoreHistogramsChart counts every sample once, and puts the rule between the decisions', async () => {
    const chart = scoreHistogramsChart(rounds)
    const marks = await drawnMarks(chart)
    const counted = (side: string) =>
      marks
        .filter(({ type, row }) => type === 'rect' && row.level === '12.5 %' && row.side === side)
        .reduce((sum, { row }) => sum + Number(row.count), 0)
    expect([counted('positives'), counted('negatives')]).toEqual([40, 160])
    const rule = marks.find(({ row }) => row.level === '12.5 %' && row.threshold !== undefined)!
    const missed = shown.scores!.filter((score, i) => shown.labels![i] === 1 && score < rule.x)
    expect(missed).toHaveLength(confusion.falseNegatives)
    expect(chart.usermeta.finding).toContain(`${confusion.falseNegatives} of 40 positives`)
  })

  it('scoreHistogramsChart draws no rule where several classes leave no single threshold', async () => {
    const predictions = Int32Array.from(shown.predictions!, (one, i) => (i % 7 === 0 ? 2 : one))
    const round = { ...rounds[3]!, evaluation: { ...shown, predictions } }
    const marks = await drawnMarks(scoreHistogramsChart([round]))
    expect(marks.filter(({ row }) => row.threshold !== undefined)).toEqual([])
  })

  it('scoreHistogramsChart counts the levels without a single threshold', () => {
    const predictions = Int32Array.from(shown.predictions!, (one, i) => (i % 7 === 0 ? 2 : one))
    const round = { ...rounds[3]!, evaluation: { ...shown, predictions } }
    const chart = scoreHistogramsChart([rounds[2]!, round])
    expect(JSON.stringify(chart.title)).toContain('Levels without a single one: 1.')
  })

  it('scoreHistogramsChart counts infinite scores at the ends', async () => {
    const scores = shown.scores!.map((score, i) => (i === 0 ? Number.POSITIVE_INFINITY : score))
    const round = { ...rounds[3]!, evaluation: { ...shown, scores } }
    const bars = (await drawnMarks(scoreHistogramsChart([round]))).filter(
      ({ type }) => type === 'rect',
    )
    const total = bars.reduce((sum, { row }) => sum + Number(row.count), 0)
    expect(total).toBe(200)
  })
})
