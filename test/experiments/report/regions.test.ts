import { describe, expect, it } from 'vitest'
import { CHARTS } from '../../../experiments/class-dependent/report/charts/study-charts.js'
import { judge } from '../../../experiments/class-dependent/report/judged.js'
import { regionOf, withRegions } from '../../../experiments/class-dependent/report/regions.js'
import { studiesOf } from '../../../experiments/class-dependent/report/studies.js'
import { fabricatedRows, fabricatedTuning } from './fabricated-rows.js'

const all = studiesOf([
  ...fabricatedRows({
    ...{ red: {}, black: { misses: 0.8, auc: 0.97 }, separable: { levels: 1 } },
    ...{ 'ends whole': { misses: 0.9 }, recipe: { misses: 0.5 }, LAMP: { misses: 0.7 } },
  }),
  ...fabricatedTuning('red', { 0.003: 0.9, 0.01: 0.95 }),
]).map(judge)
const rowOf = (table: string, start: string) =>
  table.split('\n').filter((line) => line.startsWith(`| ${start} |`))

describe('regionOf', () => {
  it('regionOf tells systems without rows', () => {
    const state = regionOf('state', all)
    expect(state).toContain('6 of 36 systems, 10 seeds each.')
    expect(state).not.toContain('green')
    const missing = regionOf('missing', all)
    expect(missing).toMatch(/^- chest X-rays, the small CNN: blue; green; /)
    expect(missing).not.toContain('; black;')
    expect(regionOf('state', [])).toBe('No rows yet.')
    const tuning = studiesOf(fabricatedTuning('red', { 0.01: 0.9 })).map(judge)
    expect(regionOf('state', tuning)).toContain('0 of 36 systems, so far tuning alone.')
  })

  it('regionOf puts misses by level and Holm within a family into the table of systems', () => {
    const table = regionOf('systems', all)
    const [red] = rowOf(table, 'red: plain lottery tickets')
    expect(red).toMatch(/^\| red: plain lottery tickets \| [\d.]+, [\d.]+, [\d.]+, [\d.]+ \|/)
    expect(red).toMatch(/\| {2}\| 10 \|$/) // no p against itself
    const p = (name: string) => rowOf(table, name)[0]!.split(' | ').at(-2)
    expect(p('shares by LAMP')).toBe('.010') // five systems in its family
    expect(p('ends whole')).toBe('.012')
    expect(rowOf(table, 'depthwise-separable network')[0]).toMatch(/network \| [\d.]+ \|/)
  })

  it('regionOf tells a reader of the README claims and goals side by side', () => {
    const table = regionOf('short', all)
    expect(rowOf(table, 'green misses less than red, each at its own boundary')).toHaveLength(1)
    expect(table).toContain('each at its own boundary | no rows |')
    expect(table).toMatch(/black has a higher AUC than red \| held, \+\d\.\d\d \|/)
    expect(table).toMatch(/recipe below red of equal cost: FNR at FPR 10 % \| held, −\d\.\d\d \|/)
    expect(table).toMatch(/recipe level with the dense network of .+: FNR at FPR 10 % \| held, −\d/)
    expect(table).toMatch(/recipe level with its own dense .+: FNR at FPR 10 % \| \w+/)
    expect(table).toMatch(/hard negatives below red of equal cost: FNR at FPR 10 % \| no rows \|/)
  })

  it('regionOf tells a reader of the README the seeds where they are not ten', () => {
    const eleven = studiesOf(fabricatedRows({ red: {}, black: { auc: 0.97 } }, 11)).map(judge)
    const table = regionOf('short', eleven)
    expect(table).toMatch(/black has a higher AUC than red \| held, \+2\.00, 11 seeds \|/)
    const few = studiesOf(fabricatedRows({ red: {}, black: { auc: 0.97 } }, 3)).map(judge)
    expect(regionOf('short', few)).toContain('than red | too few seeds |')
  })

  it('regionOf charges each part of the recipe by the system that lacks it', () => {
    const tables = regionOf('recipe', all)
    const [plain, lamp] = rowOf(tables, 'recipe: ends whole, teacher, shifts')
    expect(plain).toContain('| red: plain lottery tickets | −')
    expect(lamp).toContain('| shares by LAMP | −')
    expect(tables).not.toContain('On top of the recipe')
    expect(tables).toContain('Beside the dense network:')
  })

  it('regionOf tells a tuned rate at the edge', () => {
    expect(rowOf(regionOf('tuning', all), 'red: plain lottery tickets')[0]).toBe(
      '| red: plain lottery tickets | 0.01 | the highest tried | 12 | 95.00 | 2 | 4 | 0 |',
    )
  })

  it('regionOf adds up the hours of all studies', () => {
    const two = studiesOf([
      ...fabricatedTuning('red', { 0.01: 0.9 }),
      // 2 s a level.
      ...fabricatedRows({ red: {} }).map((row) => ({ ...row, set: 'crack' })),
      ...fabricatedRows({ red: { levels: 1 } }, 90),
    ]).map(judge)
    const time = regionOf('time', two)
    expect(rowOf(time, 'chest X-rays, the small CNN')[0]).toMatch(/\| 2 \| 0.00 \| 90 \| 0.05 \|$/)
    expect(rowOf(time, 'all')[0]).toMatch(/\| 2 \| 0.00 \| 100 \| 0.09 \|$/)
  })

  it('regionOf refuses a name that is none', () => {
    expect(() => regionOf('figures', all)).toThrow(/expected one of state, missing, verdicts, /)
  })
})

describe('withRegions', () => {
  it('withRegions puts the regions in, and leaves the rest, again and again', () => {
    const page = 'Before\n\n<!-- study time -->\nold\n<!-- /study -->\n\nAfter\n'
    const { text, count } = withRegions(page, all)
    expect(count).toBe(1)
    expect(text).toMatch(/^Before\n\n<!-- study time -->\n\n\| study \|/)
    expect(text).toMatch(/\n\n<!-- \/study -->\n\nAfter\n$/)
    expect(text).not.toContain('old')
    expect(withRegions(text, all).text).toBe(text)
  })
})

describe('CHARTS', () => {
  it.each(Object.entries(CHARTS))('CHARTS has one that is a file of its own: %s', (_, { draw }) => {
    const svg = draw(all[0]!)
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/)
    expect(svg).toContain('red (plain)')
    expect(svg).not.toContain('NaN')
    expect(svg).toContain('prefers-color-scheme:dark')
    expect(draw(all[0]!)).toBe(svg)
  })

  it('CHARTS has the systems that were run, six at most, each in a colour of its own', () => {
    const names = ['teacher', 'ends whole', 'black', 'green', 'random', 'magnitude', 'shifts']
    const rows = fabricatedRows(Object.fromEntries(names.map((name) => [name, {}])))
    const judged = judge(studiesOf(rows)[0]!)
    for (const { draw } of Object.values(CHARTS)) {
      const svg = draw(judged)!
      const found = [...svg.matchAll(/<path style="stroke:var[^>]* stroke="(#\w+)"/g)]
      expect(new Set(found.map(([, colour]) => colour)).size).toBe(6)
      expect(svg).not.toMatch(/(fill|stroke)="var/)
    }
    expect(CHARTS.cost.draw(judged)).toContain('>random<')
  })

  it('CHARTS has none where no pruned system has rows', () => {
    const rows = fabricatedRows({ separable: { levels: 1 } })
    expect(CHARTS.levels.draw(judge(studiesOf(rows)[0]!))).toBeUndefined()
    expect(regionOf('levels', studiesOf(rows).map(judge))).toBe('No rows yet.')
  })
})
