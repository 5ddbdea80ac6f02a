import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Kernels } from '../../../src/sparse/kernels/kernels.js'
import { comparison, type Room } from './comparison.js'

const whole = (min: number, max: number) => fc.integer({ min, max })
const [A, B, OUT, FACTORS, TERMS] = [40_000, 80_000, 120_000, 1024, 2048] as const
const special = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1e-40, 3e38]

const shape = fc.record({
  length: whole(1, 70),
  /** The outcome replaces the first or the second operand. */
  place: fc.constantFrom(A, B, OUT),
  channels: whole(1, 5),
  groups: whole(1, 13),
  slack: whole(0, 3),
})
type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never

/** Each special number beside each other one, and random numbers. */
const prepare = ({ floats }: Room) => {
  special.forEach((a, i) => {
    special.forEach((b, j) => {
      floats[A / 4 + i * special.length + j] = a
      floats[B / 4 + i * special.length + j] = b
    })
  })
  floats.set([-0.25, 0.5], FACTORS / 4)
}

async function alike(work: (kernels: Kernels, shape: Shape) => void): Promise<void> {
  const { firstDifference } = await comparison()
  const isAlike = (test: Shape) => {
    expect(firstDifference(1, prepare, (kernels) => work(kernels, test))).toBe(-1)
  }
  fc.assert(fc.property(shape, isAlike), { numRuns: 200, seed: 1 })
}

describe('elementwise kernels', () => {
  it.each(['add', 'multiply', 'largest'] as const)('%s has the bits of plain loops', (name) =>
    alike((kernels, { length, place }) => kernels[name]({ a: A, b: B, out: place, length })),
  )

  it('cut keeps NaN and cuts the rest at its bounds', () =>
    alike(({ cut }, { length, place }) => cut({ input: A, out: place, bounds: FACTORS, length })))

  it('scale gives each group the factor and the term of its channel', () =>
    alike(({ scale }, { place, length, slack, ...rest }) =>
      scale({
        ...{ input: A, out: place, factors: FACTORS, terms: TERMS },
        ...{ ...rest, length, step: (length + slack) * 4 },
      }),
    ))

  it('largestMagnitude finds NaN and infinities in whole turns of 4 floats', () =>
    alike(({ largestMagnitude }, { length, channels, groups, slack }) =>
      largestMagnitude({ input: (slack ? A : B) + groups * channels * 4, out: OUT, length }),
    ))

  it('fill sets floats to any number', () =>
    alike(({ fill }, { length, channels }) => fill({ to: A, length, value: special[channels]! })))
})
