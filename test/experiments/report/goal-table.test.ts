import { describe, expect, it } from 'vitest'
import { atCost } from '../../../experiments/class-dependent/report/at-cost.js'
import {
  chosenGoalTable,
  goalTable,
} from '../../../experiments/class-dependent/report/goal-table.js'
import { judge } from '../../../experiments/class-dependent/report/judged.js'
import { studiesOf } from '../../../experiments/class-dependent/report/studies.js'
import { fabricatedRow, fabricatedRows } from './fabricated-rows.js'

const { levels } = fabricatedRow('red', 1) // shares of multiply-adds: 1, 1 / 2, 1 / 4, ...
const auc = (level: number) => 100 * levels![level]!.auc

describe('atCost', () => {
  it('atCost is the figure of the cheapest level that costs no less', () => {
    expect(atCost(levels!, 'auc', 0.25)).toBeCloseTo(auc(2), 10)
    expect(atCost(levels!, 'auc', 0.26)).toBeCloseTo(auc(1), 10)
    expect(atCost(levels!.toReversed(), 'auc', 0.25)).toBeCloseTo(auc(2), 10)
  })

  it('atCost is that of the outermost level beyond the levels, and of a dead network', () => {
    expect(atCost(levels!, 'auc', 2)).toBeCloseTo(auc(0), 10)
    expect(atCost(levels!, 'auc', 0.001)).toBeCloseTo(auc(6), 10)
    const dead = levels!.map((level, i) => ({ ...level, multiplyAdds: i === 6 ? 0 : 1 / 2 ** i }))
    expect(atCost(dead, 'auc', 0)).toBeCloseTo(auc(6), 10)
  })
})

describe('goalTable', () => {
  const cells = (rows: Parameters<typeof studiesOf>[0]) =>
    goalTable(studiesOf(rows).map(judge))
      .split('\n')
      .slice(2)
      .map((line) => line.split(' | ')[1]!.replace(/ \|$/, ''))

  it('goalTable compares the recipe with a ticket of equal cost, not of equal density', () => {
    const red = fabricatedRows({ red: {} })
    // As many misses as red at the same level, with two levels' more multiply-adds.
    const dear = fabricatedRows({ recipe: {} }).map((row) => ({
      ...row,
      levels: row.levels!.map((level) => ({
        ...level,
        multiplyAdds: Math.min(1, 4 * level.multiplyAdds),
      })),
    }))
    expect(cells([...red, ...fabricatedRows({ recipe: { misses: 0.9 } })])[0]).toMatch(/^held: −/)
    expect(cells([...red, ...dear])[0]).toMatch(/^refuted: \+/)
  })

  it('goalTable judges the level of the dense network, and says where there are no rows', () => {
    const found = cells(fabricatedRows({ red: {}, recipe: { misses: 0.5 } }))
    expect(found[6]).toMatch(/^held: −/)
    expect(found[2]).toBe('no rows') // LAMP
    const high = cells(fabricatedRows({ red: {}, recipe: { misses: 1.2 } }))
    expect(high[6]).toMatch(/^refuted: \+/)
  })

  it('goalTable judges the level of the own dense network by itself', () => {
    const gained = fabricatedRows({ recipe: { misses: 0.5 } }).map((row) => ({
      ...row,
      levels: row.levels!.map((level, i) => ({
        ...level,
        atFpr: level.atFpr.map((at) => ({ ...at, curve: i === 0 ? at.curve / 2 : at.curve })),
      })),
    }))
    const found = cells([...fabricatedRows({ red: {} }), ...gained])
    expect(found[6]).toMatch(/^held: −/) // beside plain training
    expect(found[8]).toMatch(/^refuted: \+/)
  })
})

describe('chosenGoalTable', () => {
  const chosen = 'recipe, hard negatives'

  it('chosenGoalTable judges the chosen part by itself, on the studies that have it', () => {
    const own = fabricatedRows({ red: {}, [chosen]: { misses: 0.5 } })
    const other = fabricatedRows({ red: {}, recipe: {} }).map((row) => ({ ...row, set: 'crack' }))
    const [head, , first] = chosenGoalTable(studiesOf([...own, ...other]).map(judge)).split('\n')
    expect(head).toBe('| goal | chest X-rays, the small CNN |')
    // One test of six has rows: p is six times that of ten seeds on one side.
    expect(first).toMatch(
      /^\| recipe, hard negatives below red of equal cost.+held: −.+, p \.012 \|$/,
    )
  })

  it('chosenGoalTable tells that no study has rows of it', () => {
    const none = studiesOf(fabricatedRows({ red: {}, recipe: {} })).map(judge)
    expect(chosenGoalTable(none)).toBe('No study has rows of it yet.')
  })
})
