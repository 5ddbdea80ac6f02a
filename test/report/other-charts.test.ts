import { createMask } from 'tfjs-prune'
import {
  densitiesChart,
  lostPositivesByRound,
  lostPositivesChart,
  maskChart,
  sizesChart,
} from 'tfjs-prune/report'
import { describe, expect, it } from 'vitest'
import { chartedRounds } from '../support/charted-rounds.js'
import { refusalOf } from '../support/refusal-of.js'
import { drawnMarks } from './rendered.js'

const rounds = chartedRounds(4)

describe('densitiesChart', () => {
  it('densitiesChart writes the density of each weight at each level', async () => {
    const chart = densitiesChart(rounds)
    const texts = (await drawnMarks(chart)).filter(({ type }) => type === 'text')
    expect(texts).toHaveLength(12)
    const cell = texts.find(({ row }) => row.name === 'dense/kernel' && row.level === '12.5 %')
    expect(cell?.row.density).toBe(11.3) // 2880 of 25,600
    expect(chart.usermeta.finding).toBe(
      'conv2d/kernel keeps 18.8 %, dense/kernel 11.3 % at 12.5 % of the weights',
    )
  })

  it('densitiesChart says a density that all weights share once', () => {
    const weights = rounds[3]!.weights.map((weight) => ({ ...weight, density: 0.125 }))
    const chart = densitiesChart([{ ...rounds[3]!, density: 0.125, weights }])
    expect(chart.usermeta.finding).toBe('Every weight keeps 12.5 %')
  })

  it('densitiesChart tells long names apart and refuses rounds without weights', async () => {
    const names = ['a_model/with/a/long/path_1/kernel', 'a_model/with/a/long/path_2/kernel']
    const weights = names.map((name) => ({ name, size: 8, kept: 4, density: 0.5 }))
    const marks = await drawnMarks(densitiesChart([{ ...rounds[1]!, weights }]))
    expect(new Set(marks.map(({ row }) => row.weight)).size).toBe(2)
    expect(refusalOf(() => densitiesChart([{ ...rounds[1]!, weights: [] }]))).toMatch(/^RangeError/)
  })
})

describe('maskChart', () => {
  it('maskChart fills the kept elements at their places', async () => {
    const shape = [3, 3, 2, 4]
    const values = new Uint8Array(72)
    const flat = (h: number, w: number, i: number, o: number) => ((h * 3 + w) * 2 + i) * 4 + o
    for (const place of [flat(0, 0, 0, 0), flat(2, 1, 1, 3), flat(2, 2, 1, 3)]) values[place] = 1
    const weight = { name: 'conv2d/kernel', layer: 'conv2d', role: 'kernel', shape, values }
    const chart = maskChart(createMask([weight], 100), 'conv2d/kernel')
    expect(chart.usermeta.finding).toBe(
      'conv2d/kernel keeps 3 of 72 elements; 2 of 4 columns keep none',
    )
    // A transposed convolution has its inputs on the last axis.
    expect(chart.usermeta.notes).toEqual([
      'Outputs across, inputs down, one plane a pair; of a transposed convolution the other way round.',
    ])
    const boxes = (await drawnMarks(chart)).map(({ row: { x, x2, y, y2 } }) => [x, x2, y, y2])
    expect(boxes).toHaveLength(2 * 4 + 2) // the planes; two neighbours are one box
    expect(boxes.slice(8)).toEqual([
      [0, 1, 0, 1],
      [13, 15, 6, 7],
    ])
  })

  it('maskChart draws a part of a large weight and says so, and names the weights that there are', () => {
    const values = new Uint8Array(300 * 200).fill(1)
    const weight = {
      name: 'dense/kernel',
      layer: 'dense',
      role: 'kernel',
      shape: [300, 200],
      values,
    }
    const mask = createMask([weight], 60_000)
    const { notes } = maskChart(mask, 'dense/kernel').usermeta
    expect(notes).toContain('Drawn: the first 96 of 200 outputs and 64 of 300 inputs.')
    expect(refusalOf(() => maskChart(mask, 'dense/bias'))).toBe(
      'RangeError: Cannot chart the mask: expected a weight among dense/kernel, got "dense/bias"',
    )
    expect(refusalOf(() => maskChart({} as never, 'a'))).toMatch(/^TypeError/)
  })
})

describe('lostPositivesChart', () => {
  const found = rounds[0]!.evaluation
  const lostAt = (round: number) =>
    [...found.labels!.keys()].filter(
      (i) =>
        found.labels![i] === 1 &&
        found.predictions![i] === 1 &&
        rounds[round]!.evaluation.predictions![i] === 0,
    )

  it('lostPositivesByRound finds the positives that the dense network finds and a level misses', () => {
    const levels = lostPositivesByRound(rounds)
    expect(levels.map(({ round }) => round)).toEqual([1, 2, 3])
    for (const { round, lost } of levels) expect([...lost]).toEqual(lostAt(round))
    expect(lostAt(3).length).toBeGreaterThan(0)
  })

  it('lostPositivesByRound refuses rounds without predictions, or of other samples', () => {
    const [dense, half] = rounds
    const labels = half!.evaluation.labels!.slice().reverse()
    const other = { ...half!, evaluation: { ...half!.evaluation, labels } }
    expect(refusalOf(() => lostPositivesByRound([half!]))).toMatch(/dense round/)
    expect(refusalOf(() => lostPositivesByRound([dense!]))).toMatch(/pruned round/)
    expect(refusalOf(() => lostPositivesByRound([dense!, other]))).toMatch(/round 1$/)
  })

  it('lostPositivesChart crosses the levels that miss a sample, beside its image', async () => {
    const url = 'data:image/png;base64,iVBORw0KGgo='
    const images = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [i, url]))
    const marks = await drawnMarks(lostPositivesChart(rounds, { images }))
    const crosses = marks.filter(({ row }) => row.is === 'missed' && row.level === '12.5 %')
    const shown = crosses.map(({ row }) => Number(String(row.sample).slice('sample '.length)))
    const most = Math.min(12, lostAt(3).length)
    expect(shown).toHaveLength(most)
    for (const sample of shown) expect(lostAt(3)).toContain(sample)
    expect(marks.filter(({ type }) => type === 'image')).toHaveLength(most)
  })

  it('lostPositivesChart makes images of pixels', async () => {
    const pixels = new Float32Array(200 * 6).fill(1)
    const images = { pixels, height: 2, width: 3, range: [0, 1] } as const
    const marks = await drawnMarks(lostPositivesChart(rounds, { images }))
    const { url } = marks.find(({ type }) => type === 'image')!.row
    const bytes = Buffer.from(String(url).split(',')[1]!, 'base64')
    expect(bytes.toString('latin1', 0, 2)).toBe('BM')
    expect(bytes.readUInt32LE(2)).toBe(54 + 2 * 12)
    expect([...bytes.subarray(54, 66)]).toEqual([...Array(9).fill(255), 0, 0, 0])
  })

  it('lostPositivesChart refuses pixels that are not those of all samples', () => {
    const image = { height: 2, width: 3 }
    const refusal = (images: object) =>
      refusalOf(() => lostPositivesChart(rounds, { images: { ...image, ...images } as never }))
    const colours = new Uint8Array(200 * 18)
    expect(refusal({ pixels: colours })).toBe(
      'RangeError: Cannot chart the lost positives: expected 2 x 3 x 1 values for each of 200 ' +
        'samples, got 3600 in all',
    )
    expect(refusal({ pixels: colours, channels: 3 })).toBe('no error')
    expect(refusal({ pixels: new Uint8Array(200 * 24), channels: 4 })).toMatch(
      /^RangeError.*1 or 3 channels of images, got 4$/,
    )
    expect(refusal({ pixels: colours, channels: 3, range: [1, 1] })).toMatch(
      /^RangeError.*two numbers as range, got 1,1$/,
    )
  })

  it('lostPositivesChart says that no positive is lost', () => {
    const [dense] = rounds
    const same = { ...dense!, round: 1, density: 0.5 }
    const { finding } = lostPositivesChart([dense!, same]).usermeta
    expect(finding).toBe('No positive of 40 is lost at 50 % of the weights')
  })

  it('lostPositivesChart refuses addresses that a page would fetch, and too few pixels', () => {
    const images = Array(200).fill('https://example.org/a.png')
    expect(refusalOf(() => lostPositivesChart(rounds, { images }))).toMatch(
      /^TypeError.*data:image/,
    )
    const few = { pixels: [1, 2], height: 1, width: 1 }
    expect(refusalOf(() => lostPositivesChart(rounds, { images: few }))).toMatch(/^RangeError/)
  })
})

describe('sizesChart', () => {
  it('sizesChart draws bars as long as the bytes, and names the smallest file', async () => {
    const files = [
      { file: 'container', type: 'int8', bytes: 2000, gzip: 1990 },
      { file: 'stock', type: 'float32', bytes: 160_000, gzip: 20_000 },
    ] as const
    const chart = sizesChart({ files })
    expect(chart.usermeta.finding).toBe(
      'The smallest file is container int8, 2 kB, 80 times smaller than stock float32',
    )
    const bars = (await drawnMarks(chart)).filter(({ type, row }) => type === 'rect' && row.words)
    expect(bars.some(({ x, x2 }) => Math.abs(Math.abs(x2 - x) - 160_000) < 1)).toBe(true)
    expect(refusalOf(() => sizesChart({ files: [] }))).toMatch(/^RangeError/)
    expect(refusalOf(() => sizesChart({} as never))).toMatch(/^TypeError/)
  })
})
