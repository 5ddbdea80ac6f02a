import { describe, expect, it } from 'vitest'
import { foreseenTable } from '../../../experiments/class-dependent/report/foreseen-table.js'
import { judge } from '../../../experiments/class-dependent/report/judged.js'
import { studiesOf } from '../../../experiments/class-dependent/report/studies.js'
import { fabricatedRows } from './fabricated-rows.js'

/** Rows of red and of a recipe that misses less, with the AUC of its dense networks. */
const told = (auc: number) =>
  foreseenTable(
    studiesOf([
      ...fabricatedRows({ red: {} }).map((row) => withDenseAuc(row, 0.9)),
      ...fabricatedRows({ recipe: { misses: 0.5 } }).map((row) => withDenseAuc(row, auc)),
    ]).map(judge),
  )

type Row = ReturnType<typeof fabricatedRows>[number]
const withDenseAuc = (row: Row, validationAuc: number): Row => ({
  ...row,
  levels: row.levels!.map((level, i) => (i === 0 ? { ...level, validationAuc } : level)),
})

describe('foreseenTable', () => {
  it.each([
    [0.95, '90.00 → 95.00', 'held'],
    [0.9, '90.00 → 90.00', 'not held'],
    [0.85, '90.00 → 85.00', 'not held'],
  ])('foreseenTable tells the outcome that a dense AUC of %f foresees', (auc, aucs, foreseen) => {
    const [, , row] = told(auc).split('\n')
    expect(row).toContain(`| ${aucs} | ${foreseen} | held: −`)
  })

  it('foreseenTable leaves out studies that lack one of both', () => {
    const alone = studiesOf(fabricatedRows({ red: {}, black: {} })).map(judge)
    expect(foreseenTable(alone)).toBe('No study has rows of both yet.')
  })
})
