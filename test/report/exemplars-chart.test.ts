import { type Audit, auditOutcomes } from 'tfjs-prune/audit'
import { type ChartSpec, exemplarsChart, reportHtml } from 'tfjs-prune/report'
import { describe, expect, it } from 'vitest'
import { chartedRounds } from '../support/charted-rounds.js'
import { lateRefusalOf, refusalOf } from '../support/refusal-of.js'
import { type DrawnMark, drawnMarks } from './rendered.js'

const classNames = ['well', 'ill']
// The first 10 of 40 are ill. The dense network misses sample 9, the pruned one 1, 4 and 7, and
// takes 20 for ill.
const labels = Array.from({ length: 40 }, (_, i) => Number(i < 10))
const turned = (...samples: readonly number[]) => ({
  labels,
  predictions: labels.map((label, i) => (samples.includes(i) ? 1 - label : label)),
})
const audit = auditOutcomes(turned(9), turned(1, 4, 7, 20), { classNames })
const images = { pixels: Float32Array.from({ length: 40 }, (_, i) => i), height: 1, width: 1 }
const rowsOf = (marks: readonly DrawnMark[]) =>
  marks.filter(({ type, row }) => type === 'symbol' && row.is).map(({ row }) => row)
const isImage = ({ type }: DrawnMark) => type === 'image'

describe('exemplarsChart', () => {
  it('exemplarsChart draws the lost samples of a class with their images, and the regained ones', async () => {
    const chart = exemplarsChart(audit, { images, positiveClass: 1 })
    expect(chart.usermeta.finding).toBe('3 of 10 samples of class ill are lost, 1 found instead')
    const marks = await drawnMarks(chart)
    const rows = rowsOf(marks)
    expect(rows.map(({ sample, level, is, says }) => [sample, level, is, says])).toEqual([
      ...[1, 4, 7].flatMap((i) => [
        [`sample ${i}\nill`, 'dense', 'right', 'ill'],
        [`sample ${i}\nill`, 'pruned', 'wrong', 'well'],
      ]),
      ['sample 9\nill', 'dense', 'wrong', 'well'],
      ['sample 9\nill', 'pruned', 'right', 'ill'],
    ])
    const greys = marks.filter(isImage).map(({ row }) => {
      const bytes = Buffer.from(String(row.url).split(',')[1]!, 'base64')
      return bytes[54]
    })
    expect(greys).toEqual([1, 4, 7, 9])
  })

  it('exemplarsChart draws all classes where none is named, lost samples first', async () => {
    const chart = exemplarsChart(audit)
    expect(chart.usermeta).toEqual({
      finding: '4 of 40 samples are lost, 1 found instead',
      notes: ['Crosses: a wrong class.'],
    })
    const marks = await drawnMarks(chart)
    const samples = rowsOf(marks).map(({ sample }) => String(sample).split('\n')[0])
    expect([...new Set(samples)].map((name) => Number(name!.slice(7)))).toEqual([1, 4, 7, 20, 9])
    expect(marks.some(isImage)).toBe(false)
  })

  it('exemplarsChart draws 12 of many over several seeds, the surest first, and says so', async () => {
    const half = [turned(), turned(), turned()]
    const most = Array.from({ length: 20 }, (_, i) => 11 + i)
    const pruned = [turned(...most), turned(...most), turned(30)]
    const chart = exemplarsChart(auditOutcomes(half, pruned))
    expect(chart.usermeta.notes).toEqual([
      'Crosses: a wrong class.',
      'Classes that most of 3 networks say.',
      'Drawn: 12 of 20 samples.',
    ])
    const rows = rowsOf(await drawnMarks(chart))
    expect(rows).toHaveLength(24)
    // All three pruned networks turn sample 30; two of them the others.
    expect(rows[0]).toMatchObject({ sample: 'sample 30\nclass 0', says: 'class 0' })
    expect(rows[1]).toMatchObject({ sample: 'sample 30\nclass 0', says: 'class 1' })
    expect(rows[2]!.sample).toBe('sample 11\nclass 0')
  })

  it('exemplarsChart says that no sample is lost, and takes an audit from JSON', () => {
    const same = auditOutcomes(turned(3), turned(3), { classNames })
    const { finding } = exemplarsChart(same, { images, positiveClass: 1 }).usermeta
    expect(finding).toBe('No sample of 10 of class ill is lost')
    expect(exemplarsChart(JSON.parse(JSON.stringify(audit)))).toEqual(exemplarsChart(audit))
  })

  it('exemplarsChart refuses what is no audit, a class that there is not, and images that lack', () => {
    expect(refusalOf(() => exemplarsChart({} as Audit))).toBe(
      'TypeError: Cannot chart the exemplars: expected an audit of tfjs-prune/audit, got object',
    )
    expect(refusalOf(() => exemplarsChart(audit, { positiveClass: 2 }))).toMatch(
      /^RangeError: .+ positiveClass below the 2 classes of the audit, got 2$/,
    )
    expect(refusalOf(() => exemplarsChart(audit, { images: {} }))).toMatch(
      /^TypeError: .+ a data:image\/ URL for sample 1, got/,
    )
    const few = { pixels: [1, 2, 3], height: 1, width: 1 }
    expect(refusalOf(() => exemplarsChart(audit, { images: few }))).toMatch(/^RangeError/)
    const texts = { ...few, pixels: Array(40).fill('3') as number[] }
    expect(refusalOf(() => exemplarsChart(audit, { images: texts }))).toMatch(
      /^TypeError: .+ expected each pixel of sample 1 to be a finite number, got "3"$/,
    )
    expect(refusalOf(() => exemplarsChart(audit, { images: 3 as never }))).toMatch(/^TypeError/)
    expect(refusalOf(() => exemplarsChart(audit, { image: images } as never))).toMatch(/^TypeError/)
  })
})

describe('reportHtml', () => {
  it('reportHtml draws the exemplars of the run’s class where it has images of the audit', async () => {
    const drawn: ChartSpec[] = []
    const render = (chart: ChartSpec) => `<svg>${drawn.push(chart)}</svg>`
    const page = await reportHtml(chartedRounds(2), { audit, render, auditImages: images })
    expect(page).toContain('3 of 10 samples of class ill are lost, 1 found instead')
    const strips = drawn.filter(({ usermeta }) => usermeta.finding.includes('of class ill'))
    expect(strips).toHaveLength(2) // light and dark
    expect(JSON.stringify(strips[0])).toContain('data:image/bmp')
    const without = await reportHtml(chartedRounds(2), { audit, render })
    expect(without).not.toContain('of class ill are lost')
  })

  it('reportHtml refuses images of an audit that it has not', async () => {
    const refused = lateRefusalOf(() => reportHtml(chartedRounds(2), { auditImages: images }))
    expect(await refused).toMatch(/^TypeError: .+ expected audit beside auditImages, got none$/)
  })
})
