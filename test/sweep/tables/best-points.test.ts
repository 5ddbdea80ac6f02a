import { describe, expect, it } from 'vitest'
import { bestPoints } from '../../../src/sweep/tables/best-points.js'
import type { BestPointsOptions } from '../../../src/sweep/tables/best-points-options.js'

const cannot = 'Cannot choose the best points: expected'
const options: BestPointsOptions = {
  by: ['system'],
  knobs: ['rate', 'epochs'],
  figure: 'auc',
  over: 'seed',
  direction: 'maximise',
  reportedSeeds: [1, 2],
}
interface Figures {
  readonly rate: number
  readonly epochs?: number
  readonly aucs: readonly unknown[]
  readonly system?: string
}
/** One row a seed, from 101. */
const runs = ({ rate, epochs = 12, aucs, system = 'red' }: Figures) =>
  aucs.map((auc, i) => ({ system, rate, epochs, seed: 101 + i, auc }))
const choose = (rows: readonly object[], changed: object = {}) =>
  bestPoints(rows, { ...options, ...changed })

describe('bestPoints', () => {
  it('bestPoints takes the best mean over the seeds, group by group', () => {
    const rows = [
      ...runs({ rate: 0.001, aucs: [0.9, 0.7] }),
      ...runs({ rate: 0.01, aucs: [0.8, 0.85] }),
      ...runs({ rate: 0.1, aucs: [0.7, 0.7] }),
      ...runs({ system: 'black', rate: 0.001, aucs: [0.5, 0.5] }),
      ...runs({ system: 'black', rate: 0.01, aucs: [0.4, 0.4] }),
    ]
    const [red, black] = choose(rows)
    expect(red!.group).toEqual({ system: 'red' })
    expect(red!.point).toEqual({ rate: 0.01, epochs: 12 })
    expect(red!.mean).toBeCloseTo(0.825, 12)
    expect(red!.tried.map(({ point }) => point.rate)).toEqual([0.01, 0.001, 0.1])
    expect(black!.point!.rate).toBe(0.001)
    const low = choose(rows, { direction: 'minimise' })
    expect(low.map(({ point }) => point!.rate)).toEqual([0.1, 0.01])
  })

  it('bestPoints takes the point that comes first of equal means', () => {
    const rows = [
      ...runs({ rate: 0.01, epochs: 24, aucs: [0.8] }),
      ...runs({ rate: 0.01, epochs: 12, aucs: [0.8] }),
    ]
    expect(choose(rows)[0]!.point!.epochs).toBe(24)
    expect(choose(rows.toReversed())[0]!.point!.epochs).toBe(12)
  })

  it.each(['maximise', 'minimise'] as const)(
    'bestPoints puts a point with a diverged training last: %s',
    (direction) => {
      const rows = [
        ...runs({ rate: 0.1, aucs: [0.99, null] }),
        ...runs({ rate: 0.2, aucs: [0.01, null] }),
        ...runs({ rate: 0.01, aucs: [0.5, 0.5] }),
      ]
      const [best] = choose(rows, { direction })
      expect(best!.point!.rate).toBe(0.01)
      expect(best!.tried.map(({ mean, diverged }) => [mean, diverged])).toEqual([
        [0.5, 0],
        [null, 1],
        [null, 1],
      ])
    },
  )

  it('bestPoints has no point where each diverged', () => {
    const [best] = choose(runs({ rate: 0.1, aucs: [null, null] }))
    expect([best!.point, best!.mean, best!.isAtEdge]).toEqual([null, null, false])
    expect(best!.tried[0]!.diverged).toBe(2)
  })

  it('bestPoints tells a point that lacks a seed, and does not choose it', () => {
    const rows = [
      ...runs({ rate: 0.01, aucs: [0.9] }),
      ...runs({ rate: 0.001, aucs: [0.8, 0.8] }),
      ...runs({ rate: 0.0001, aucs: [0.7, 0.7] }),
    ]
    const [best] = choose(rows)
    expect(best!.point!.rate).toBe(0.001)
    expect(best!.tried.at(-1)).toMatchObject({ point: { rate: 0.01 }, missing: [102], count: 1 })
  })

  it('bestPoints tells an outermost value of a knob, and the only one', () => {
    const at = (best: number) =>
      choose(
        [0.001, 0.01, 0.1].flatMap((rate) => runs({ rate, aucs: [rate === best ? 0.9 : 0.1] })),
      )[0]!
    expect([at(0.001).edges, at(0.001).isAtEdge]).toEqual([
      { rate: 'lowest', epochs: 'only' },
      true,
    ])
    expect([at(0.01).edges, at(0.01).isAtEdge]).toEqual([{ epochs: 'only' }, false])
    expect(at(0.1).edges.rate).toBe('highest')
    const texts = ['adam', 'sgd'].map((optimizer) => ({ optimizer, seed: 101, auc: 0.5 }))
    expect(choose(texts, { by: [], knobs: ['optimizer'] })[0]!.edges).toEqual({})
  })

  it('bestPoints refuses seeds that are reported', () => {
    const got = 'seed=102 in both'
    expect(() => choose(runs({ rate: 0.1, aucs: [1, 1] }), { reportedSeeds: [102, 1] })).toThrow(
      new RangeError(`${cannot} seeds apart from those that are reported, got ${got}`),
    )
    expect(() => choose(runs({ rate: 0.1, aucs: [1, 1] }), { reportedSeeds: ['102'] })).toThrow(got)
  })

  it('bestPoints refuses a training that is there twice, and a figure of NaN', () => {
    const rows = runs({ rate: 0.1, aucs: [0.5] })
    expect(() => choose([...rows, ...rows])).toThrow(
      new RangeError(
        `${cannot} one row with system=red, rate=0.1, epochs=12, seed=101, got another`,
      ),
    )
    const wanted = 'auc of system=red, rate=0.1, epochs=12, seed=101 to be a finite number'
    expect(() => choose(runs({ rate: 0.1, aucs: [Number.NaN] }))).toThrow(
      new RangeError(`${cannot} ${wanted}, got NaN`),
    )
  })

  it('bestPoints refuses options that are wrong or missing', () => {
    const rows = runs({ rate: 0.1, aucs: [0.5] })
    expect(() => choose([])).toThrow(RangeError)
    expect(() => choose(rows, { knobs: [] })).toThrow(
      new RangeError(`${cannot} at least one knob, got none`),
    )
    expect(() => choose(rows, { by: ['rate'] })).toThrow(RangeError)
    expect(() => choose(rows, { reportedSeeds: undefined })).toThrow(TypeError)
    expect(() => choose(rows, { reportedSeeds: [null] })).toThrow(TypeError)
    expect(() => choose(rows, { direction: 'up' })).toThrow(RangeError)
    expect(() => choose(rows, { seeds: [1] })).toThrow(TypeError)
  })
})
