import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Kernels } from '../../../src/sparse/kernels/kernels.js'
import { comparison, type Room, random, takeSigns } from './comparison.js'

const whole = (min: number, max: number) => fc.integer({ min, max })
const [FROM, TO] = [40_000, 140_000] as const
const shape = fc.record({
  rows: whole(1, 23),
  columns: whole(1, 37),
  slack: whole(0, 5),
  every: whole(1, 4),
  /** The target lies between the rows of the source. */
  overlap: fc.boolean(),
})
type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never

/** Checks that random shapes are moved as plain loops move them. */
async function moves(
  work: (kernels: Kernels, shape: Shape) => void,
  prepare: (room: Room, shape: Shape) => void = () => {},
): Promise<void> {
  const { firstDifference } = await comparison()
  const isAlike = (places: Shape) => {
    const run = (kernels: Kernels) => work(kernels, places)
    expect(firstDifference(1, (room) => prepare(room, places), run)).toBe(-1)
  }
  fc.assert(fc.property(shape, isAlike), { numRuns: 300, seed: 1 })
}

describe('copies', () => {
  it('copyRows copies rows of any length, also into the gaps between them', () =>
    moves(({ copyRows }, { rows, columns, slack, overlap }) => {
      const length = columns * 4 * (slack === 5 ? 16 : 1)
      const steps = overlap
        ? { to: FROM + length, fromStep: 2 * length + slack * 4, toStep: 2 * length + slack * 4 }
        : { to: TO, fromStep: length + slack * 4, toStep: length + 12 }
      const planes = slack === 4 ? 3 : 1
      const beyond = { fromPlane: rows * steps.fromStep + 4, toPlane: rows * steps.toStep + 4 }
      copyRows({ planes, rows, length, from: FROM, ...steps, ...beyond })
    }))

  it('transpose turns matrices of any shape, and writes nothing beside them', () =>
    moves(({ transpose }, { rows, columns, slack, every }) => {
      const [fromStep, toStep] = [(columns + slack) * 4, (rows + slack) * 4]
      transpose({
        ...{ matrices: every, rows, columns, from: FROM, to: TO, fromStep, toStep },
        ...{ fromNext: rows * fromStep + slack * 4, toNext: columns * toStep + 8 },
      })
    }))

  it('transpose puts every nth pixel of a few channels into planes', () =>
    moves(({ transpose }, { rows, columns: any, slack, every }) => {
      const columns = 1 + (any % 5)
      transpose({
        ...{ matrices: 3, rows, columns, from: FROM, to: TO },
        ...{ fromNext: rows * every * columns * 4 + slack * 4, toNext: (rows + slack) * 4 },
        ...{ fromStep: every * columns * 4, toStep: 3 * (rows + slack) * 4 },
      })
    }))

  it('everyNth picks floats at any distance', () =>
    moves(({ everyNth }, { rows, columns, slack, every }) =>
      everyNth({
        ...{ planes: slack + 1, rows, length: columns, every, from: FROM, to: TO },
        ...{ fromStep: (columns * every + slack) * 4, toStep: (columns + slack) * 4 },
        ...{ fromPlane: rows * every * 4 + 8, toPlane: rows * (columns + slack) * 4 + 4 },
      }),
    ))

  it('halve takes the largest of 2 by 2 floats, NaN where one is, and writes no other', () =>
    moves(
      ({ halve }, { rows, columns, slack, every }) => {
        const [length, pitch] = [columns + 3, (2 * (columns + 3) + slack) * 4]
        const toStep = (length + (slack % 3)) * 4
        halve({
          ...{ planes: every, rows: (rows >> 1) + 1, length, from: FROM, to: TO, pitch, toStep },
          ...{ fromPlane: (rows + 2) * pitch, toPlane: ((rows >> 1) + 2) * toStep },
        })
      },
      (room, { rows, columns, overlap }) => {
        if (!overlap) takeSigns(room, random(rows * columns))
      },
    ))

  it('everyNth reads nothing behind its last float', async () => {
    const { floats, firstDifference } = await comparison()
    const from = floats.byteLength - 15 * 4 // the last of 8 is the last float of the memory
    const places = {
      ...{ planes: 1, fromPlane: 0, toPlane: 0, fromStep: 0, toStep: 0 },
      ...{ rows: 1, length: 8, every: 2, from, to: TO },
    }
    expect(
      firstDifference(
        1,
        () => {},
        ({ everyNth }) => everyNth(places),
      ),
    ).toBe(-1)
  })
})
