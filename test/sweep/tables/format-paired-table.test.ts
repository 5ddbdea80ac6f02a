import { describe, expect, it } from 'vitest'
import { formatPairedTable } from '../../../src/sweep/tables/format-paired-table.js'
import { type PairedTable, pairedTable } from '../../../src/sweep/tables/paired-table.js'

const options = {
  figure: 'auc',
  by: 'system',
  against: 'plain',
  pair: ['seed'],
  within: ['set'],
  direction: 'maximise',
} as const
const rows = [1, 2, 3, 4, 5, 6].flatMap((seed) => [
  { set: 'a', system: 'plain', seed, auc: seed / 10 },
  { set: 'a', system: 'black|b', seed, auc: seed / 5 },
])

describe('formatPairedTable', () => {
  it('formatPairedTable writes a line a group and the family of its tests', () => {
    expect(formatPairedTable(pairedTable(rows, options), { decimals: 2 })).toBe(
      [
        '| set | system | auc: mean ± sd (rows) | difference from plain [95 %] | better, equal, worse | p | p (Holm) |',
        '| --- | --- | --- | --- | --- | --- | --- |',
        '| a | plain | 0.35 ± 0.19 (6) |  |  |  |  |',
        '| a | black\\|b | 0.70 ± 0.37 (6) | 0.35 [0.10, 0.60] | 6, 0, 0 | .031 | .031 |',
        '',
        "p: Wilcoxon's signed-rank test by seed, two-sided. Holm's correction goes over the tests of the table, 1 in all.",
        '',
      ].join('\n'),
    )
  })

  it('formatPairedTable tells missing rows, parts without a row, and pairs that are too few', () => {
    const some = rows.filter(({ system, seed }) => system === 'plain' || seed < 3)
    const other = [
      { set: 'b', system: 'plain', seed: 9, auc: 1 },
      { set: 'b', system: 'red', seed: 8, auc: 1 },
    ]
    const table = pairedTable([...some, ...other], { ...options, family: 'part' })
    const text = formatPairedTable(table)
    expect(text).toContain('| a | red | none | no pair |  |  |  |')
    expect(text).toContain(
      '| a | black\\|b | 0.300 ± 0.141 (2) | 0.150 [too few] | 2, 0, 0 | .50 | .50 |',
    )
    expect(text).toContain(
      'Missing: set=a, system=black|b has no row for seed=3; seed=4; seed=5; seed=6.',
    )
    expect(text).toContain('Missing: set=b, system=red has no row for seed=9.')
    expect(text).toContain('Missing: plain beside set=b, system=red has no row for seed=8.')
    expect(text).toContain('the tests within each set, 1, 0.')
  })

  it('formatPairedTable writes a difference that is rounded to 0 without a sign', () => {
    const close = rows.map((row) =>
      row.system === 'plain' ? row : { ...row, auc: row.seed / 10 - 1e-6 * row.seed },
    )
    const text = formatPairedTable(pairedTable(close, options))
    expect(text).toContain('| 0.000 [0.000, 0.000] | 0, 0, 6 |')
  })

  it('formatPairedTable writes small p-values as such', () => {
    const many = Array.from({ length: 12 }, (_, seed) => [
      { set: 'a', system: 'plain', seed, auc: 0 },
      { set: 'a', system: 'red', seed, auc: seed + 1 },
    ]).flat()
    expect(formatPairedTable(pairedTable(many, options))).toContain('| < .001 | < .001 |')
  })

  it('formatPairedTable refuses something else in the place of a table, and wrong digits', () => {
    const cannot = 'Cannot write a paired table: expected'
    expect(() => formatPairedTable(rows as unknown as PairedTable)).toThrow(
      new TypeError(`${cannot} the answer of pairedTable, got a list`),
    )
    const table = pairedTable(rows, options)
    expect(() => formatPairedTable(table, { decimals: -1 })).toThrow(RangeError)
    expect(() => formatPairedTable(table, { digits: 2 } as object)).toThrow(TypeError)
  })
})
