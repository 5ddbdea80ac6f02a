import { describe, expect, it } from 'vitest'
import { choiceTable } from '../../../experiments/class-dependent/report/choice-table.js'
import { judge } from '../../../experiments/class-dependent/report/judged.js'
import { studiesOf } from '../../../experiments/class-dependent/report/studies.js'
import { type Fabricated, fabricatedRows } from './fabricated-rows.js'

type Systems = Readonly<Record<string, Fabricated>>

const rowsOf = (set: string, systems: Systems) =>
  fabricatedRows(systems).map((row) => ({ ...row, set }))

const told = (sets: Readonly<Record<string, Systems>>) =>
  choiceTable(
    studiesOf(Object.entries(sets).flatMap(([set, systems]) => rowsOf(set, systems))).map(judge),
  )

const recipe = { recipe: {} }
const [averaged, black, budget] = ['recipe, averaged', 'recipe, black', 'recipe, budget'] as const

describe('choiceTable', () => {
  const xrays = { ...recipe, [averaged]: { misses: 0.9 }, [black]: { misses: 0.5 } }

  it('choiceTable chooses by the mean over both sets, the best first', () => {
    const crack = { ...recipe, [averaged]: { misses: 0.9 }, [black]: { misses: 1.6 } }
    const table = told({ xrays, crack })
    const parts = table.split('\n').slice(2, 4)
    expect(parts[0]).toMatch(/^\| recipe, weights averaged \| −.+, 10 seeds \| −.+, 10 seeds \| −/)
    expect(parts[1]).toMatch(/^\| recipe, black \| −.+ \| \+.+ \|/)
    expect(table).toContain(
      'Chosen: recipe, weights averaged. On the digit 8, the small CNN: no rows yet.',
    )
  })

  it('choiceTable leaves out parts that a set lacks, and tells where none has rows on both', () => {
    const table = told({ xrays, crack: { ...recipe, [averaged]: { misses: 0.95 } } })
    expect(table).not.toContain('recipe, black')
    expect(told({ xrays, crack: recipe })).toBe('No part has rows on both sets yet.')
    expect(told({ xrays })).toBe('No part has rows on both sets yet.')
  })

  it('choiceTable chooses none where none is below the recipe', () => {
    const worse = { ...recipe, [budget]: { misses: 1.1 } }
    expect(told({ xrays: worse, crack: worse })).toContain('None is chosen')
  })

  it.each([
    [0.9, 'held, −'],
    [1, 'not shown, 0.00 [0.00, 0.00] points, p 1, 10 seeds'],
    [1.1, 'refuted, +'],
  ])('choiceTable judges the choice on the digits, with misses times %f', (misses, verdict) => {
    const sets = { xrays, crack: xrays, eights: { ...recipe, [black]: { misses } } }
    expect(told(sets).replaceAll('\n', ' ')).toContain(
      `Chosen: recipe, black. On the digit 8, the small CNN: ${verdict}`,
    )
  })
})
