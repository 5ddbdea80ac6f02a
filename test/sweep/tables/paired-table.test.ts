import { describe, expect, it } from 'vitest'
import { pairedTable } from '../../../src/sweep/tables/paired-table.js'
import type { PairedTableOptions } from '../../../src/sweep/tables/paired-table-options.js'
import golden from '../../golden/paired.json'

const cannot = 'Cannot make pairedTable: expected'
const options: PairedTableOptions = {
  figure: 'auc',
  by: 'system',
  against: 'plain',
  pair: ['seed'],
  direction: 'maximise',
}
const row = (system: string, seed: number, auc: unknown = seed) => ({ system, seed, auc })
const good = [row('plain', 1), row('black', 1, 3), row('plain', 2), row('black', 2, 1)]
const run =
  (rows: unknown, changed: object = {}) =>
  () =>
    pairedTable(rows as object[], { ...options, ...changed })

describe('pairedTable', () => {
  it('pairedTable agrees with NumPy and SciPy, a missing seed included', () => {
    const { confidence } = golden
    const table = pairedTable(golden.rows, { ...options, within: ['set'], confidence })
    expect(table.rows.length).toBe(golden.table.length)
    expect(table.tests).toEqual([4])
    for (const [i, wanted] of golden.table.entries()) {
      const { within, group, mean, deviation, comparison } = table.rows[i]!
      expect([within.set, group]).toEqual([wanted.set, wanted.system])
      expect(mean).toBeCloseTo(wanted.mean, 12)
      expect(deviation).toBeCloseTo(wanted.deviation, 12)
      if (wanted.pValue === undefined) {
        expect(comparison).toBeNull()
        continue
      }
      expect(comparison).toMatchObject({ pairs: wanted.pairs, better: wanted.better, equal: 0 })
      expect(comparison!.medianDifference).toBeCloseTo(wanted.medianDifference!, 12)
      expect(comparison!.interval!.lower).toBeCloseTo(wanted.interval![0]!, 9)
      expect(comparison!.interval!.upper).toBeCloseTo(wanted.interval![1]!, 9)
      expect(comparison!.pValue! / wanted.pValue).toBeCloseTo(1, 9)
      expect(comparison!.pByHolm! / wanted.pByHolm!).toBeCloseTo(1, 9)
    }
  })

  it('pairedTable hangs on no order of the rows but in the order of its own', () => {
    const table = pairedTable(golden.rows, { ...options, within: ['set'] })
    const turned = pairedTable(golden.rows.toReversed(), { ...options, within: ['set'] })
    const values = ({ rows }: typeof table) =>
      rows
        .map(({ within, group, count, comparison }) => {
          const { pairs, pValue, pByHolm } = comparison ?? {}
          return JSON.stringify([within, group, count, pairs, pValue, pByHolm])
        })
        .sort()
    expect(values(turned)).toEqual(values(table))
    expect(turned.rows[0]!.within).toEqual({ set: 'second' })
  })

  it('pairedTable tells the pairs that one side lacks, and compares the others', () => {
    const rows = [...good, row('plain', 3), row('black', 4), row('black', 5)]
    const { comparison, count } = pairedTable(rows, options).rows[1]!
    expect(count).toBe(4)
    expect(comparison).toMatchObject({ pairs: 2, better: 1, worse: 1, equal: 0 })
    expect(comparison!.missing).toEqual([{ seed: 3 }])
    expect(comparison!.unmatched).toEqual([{ seed: 4 }, { seed: 5 }])
  })

  it('pairedTable shows a group without a row in a part, and one without a pair', () => {
    const rows = [
      ...good.map((one) => ({ ...one, set: 'a' })),
      { ...row('plain', 1), set: 'b' },
      { ...row('red', 7), set: 'b' },
    ]
    const table = pairedTable(rows, { ...options, within: ['set'] })
    expect(table.rows.map(({ within, group, count }) => [within.set, group, count])).toEqual([
      ...[['a', 'plain', 2] as const, ['a', 'black', 2] as const, ['a', 'red', 0] as const],
      ...[['b', 'plain', 1] as const, ['b', 'black', 0] as const, ['b', 'red', 1] as const],
    ])
    const absent = table.rows[2]!
    expect([absent.mean, absent.deviation, absent.comparison!.pValue]).toEqual([null, null, null])
    expect(absent.comparison!.missing).toEqual([{ seed: 1 }, { seed: 2 }])
    const alone = table.rows[5]!.comparison!
    expect([alone.pairs, alone.medianDifference, alone.pByHolm]).toEqual([0, null, null])
    expect(alone.unmatched).toEqual([{ seed: 7 }])
    expect(table.tests).toEqual([1])
  })

  it('pairedTable counts as better as direction says, and leaves the difference as it is', () => {
    const rows = [1, 2, 3].flatMap((seed) => [row('plain', seed, 5), row('black', seed, 6)])
    const [high, low] = (['maximise', 'minimise'] as const).map(
      (direction) => pairedTable(rows, { ...options, direction }).rows[1]!.comparison!,
    )
    expect([high!.better, high!.worse, high!.medianDifference]).toEqual([3, 0, 1])
    expect([low!.better, low!.worse, low!.medianDifference]).toEqual([0, 3, 1])
  })

  it('pairedTable corrects over the table or part by part', () => {
    const part = (set: string) =>
      ['black', 'red'].flatMap((system) =>
        [1, 2, 3, 4, 5, 6].flatMap((seed) => [
          { set, ...row(system, seed, seed + 1) },
          ...(system === 'black' ? [{ set, ...row('plain', seed, 0) }] : []),
        ]),
      )
    const rows = [...part('a'), ...part('b')]
    const adjusted = (family: 'table' | 'part') => {
      const table = pairedTable(rows, { ...options, within: ['set'], family })
      return [table.tests, table.rows[1]!.comparison!.pByHolm]
    }
    expect(adjusted('table')).toEqual([[4], 4 * (2 / 2 ** 6)])
    expect(adjusted('part')).toEqual([[2, 2], 2 * (2 / 2 ** 6)])
  })

  it('pairedTable has no interval where the pairs are too few for it', () => {
    expect(pairedTable(good, options).rows[1]!.comparison!.interval).toBeNull()
  })

  it('pairedTable survives JSON', () => {
    const table = pairedTable(golden.rows, { ...options, within: ['set'] })
    expect(JSON.parse(JSON.stringify(table))).toEqual(table)
  })

  it.each([
    [null, 'null'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
  ])('pairedTable refuses a figure of %s by its name and row', (value, got) => {
    const wanted = 'auc of system=black, seed=3 to be a finite number'
    const rows = [...good, row('black', 3, value)]
    expect(run(rows)).toThrow(new RangeError(`${cannot} ${wanted}, got ${got}`))
  })

  it('pairedTable refuses a figure that is not there, and labels that are none', () => {
    const wanted = 'auc of system=black, seed=3 to be a finite number'
    expect(run([...good, { system: 'black', seed: 3 }])).toThrow(
      new TypeError(`${cannot} ${wanted}, got undefined`),
    )
    const label = 'to be a text, a finite number or a flag'
    expect(run([...good, { system: 'black', seed: null, auc: 1 }])).toThrow(
      new TypeError(`${cannot} seed of row 4 ${label}, got null`),
    )
    expect(run(good, { within: ['set'] })).toThrow(
      new TypeError(`${cannot} set of row 0 ${label}, got undefined`),
    )
  })

  it('pairedTable refuses a pair that is there twice', () => {
    expect(run([...good, row('black', 2)])).toThrow(
      new RangeError(
        `${cannot} one row with system=black, seed=2, got another: filter rows, or part them by within`,
      ),
    )
  })

  it('pairedTable refuses rows without the group to compare with, or of that alone', () => {
    expect(run(good, { against: 'red' })).toThrow(
      new RangeError(`${cannot} rows with system=red, got those of plain, black`),
    )
    expect(run([row('plain', 1)])).toThrow(
      new RangeError(`${cannot} another system beside plain, got rows of that alone`),
    )
  })

  it('pairedTable refuses what is no list of rows, and options that are wrong', () => {
    expect(run('rows')).toThrow(new TypeError(`${cannot} a list of rows, got "rows"`))
    expect(run([])).toThrow(new RangeError(`${cannot} at least one row, got none`))
    expect(run([1])).toThrow(new TypeError(`${cannot} row 0 to be an object, got 1`))
    expect(run(good, { pair: [] })).toThrow(RangeError)
    expect(run(good, { pair: 'seed' })).toThrow(TypeError)
    expect(run(good, { pair: ['seed', 'seed'] })).toThrow(RangeError)
    expect(run(good, { within: ['system'] })).toThrow(
      new RangeError(`${cannot} each of figure, by, pair and within once, got "system" twice`),
    )
    expect(run(good, { direction: undefined })).toThrow(RangeError)
    expect(run(good, { family: 'all' })).toThrow(RangeError)
    expect(run(good, { lowerIsBetter: true })).toThrow(TypeError)
  })
})
