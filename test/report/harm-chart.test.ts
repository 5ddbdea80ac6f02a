import { type Audit, auditOutcomes } from 'tfjs-prune/audit'
import { harmChart, reportHtml } from 'tfjs-prune/report'
import { describe, expect, it } from 'vitest'
import { chartedRounds } from '../support/charted-rounds.js'
import { lateRefusalOf, refusalOf } from '../support/refusal-of.js'
import { drawnMarks } from './rendered.js'

const labels = Array.from({ length: 200 }, (_, i) => Number(i < 50))
const missing = (misses: number) => ({
  labels,
  predictions: labels.map((label, i) => (i < misses ? 0 : label)),
})
const site = labels.map((_, i) => (i % 2 ? '<old>' : 'new'))
const options = { classNames: ['well', 'ill', 'gone'], classes: 3, groups: { site } }
const audit = auditOutcomes([2, 3, 4].map(missing), [14, 17, 15].map(missing), options)

describe('harmChart', () => {
  it('harmChart draws the change of each part with its interval, and names parts without samples', async () => {
    const chart = harmChart(audit)
    const marks = await drawnMarks(chart)
    const points = marks.filter(({ type }) => type === 'symbol')
    expect(points.map(({ row }) => row.part)).toEqual([
      ...['all', 'class well', 'class ill', 'site <old>', 'site new'],
    ])
    const ill = points[2]!.row
    expect(ill.change).toBeCloseTo(-100 * (37 / 150), 10)
    expect(ill.upper).toBeLessThan(0)
    const bars = marks.filter(({ type, row }) => type === 'rule' && row.part)
    expect(bars).toHaveLength(5)
    expect(points[2]!.x).toBeGreaterThan(Math.min(bars[2]!.x, bars[2]!.x2))
    expect(points[2]!.x).toBeLessThan(points[1]!.x)
    expect(chart.usermeta).toEqual({
      finding: 'class ill loses most recall, 25 points',
      notes: [
        'Bars: 95 % intervals over 3 seeds.',
        'Orange: intervals below 0.',
        'No samples: class gone.',
      ],
    })
  })

  it('harmChart says where a loss may be chance, and where there is none', () => {
    const one = harmChart(auditOutcomes(missing(2), missing(3), { classNames: ['well', 'ill'] }))
    expect(one.usermeta.finding).toBe('class ill loses most recall, 2 points, maybe by chance')
    const none = harmChart(auditOutcomes(missing(2), missing(2)))
    expect(none.usermeta.finding).toBe('No class or group loses recall')
  })

  it('harmChart takes an audit from JSON, and refuses other values', () => {
    expect(harmChart(JSON.parse(JSON.stringify(audit)))).toEqual(harmChart(audit))
    expect(refusalOf(() => harmChart({} as Audit))).toBe(
      'TypeError: Cannot chart the harm: expected an audit of tfjs-prune/audit, got object',
    )
    expect(refusalOf(() => harmChart(audit, { widht: 300 } as never))).toMatch(/^TypeError/)
  })
})

describe('reportHtml', () => {
  it('reportHtml writes an audit: its table, its findings and its chart', async () => {
    const page = await reportHtml(chartedRounds(2), { audit })
    expect(page).toContain('<h2>Who pays for the pruning</h2>')
    expect(page).toContain('class ill loses most recall, 25 points')
    expect(page).toContain('Most harmed: class ill, which loses 24.7 points.')
    expect(page).toContain('site &lt;old&gt;')
    expect(page).not.toContain('site <old>')
    expect(page).toContain('No samples, and nothing is told, of class gone.')
    expect(await reportHtml(chartedRounds(2))).not.toContain('Who pays')
    const wrong = { audit: { version: 2 } as unknown as Audit }
    expect(await lateRefusalOf(() => reportHtml(chartedRounds(2), wrong))).toMatch(/^TypeError/)
  })
})
