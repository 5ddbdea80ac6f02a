import { setFlagsFromString } from 'node:v8'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BlockSize, Blocks, Kernels } from '../../../src/sparse/kernels/kernels.js'
import { comparison, type Room, random, takeSigns } from './comparison.js'

const whole = (min: number, max: number) => fc.integer({ min, max })

// Addresses in bytes; the inputs reach down to 100,000 - 16,000 and up to 100,000 + 60,000.
const [STARTS, OFFSETS, VALUES, BIAS, BOUNDS] = [1024, 2048, 20_480, 57_344, 60_000] as const
const [INPUT, OUTPUT] = [98_304, 160_000] as const

const blocksOf = fc.record({
  size: fc.constantFrom<BlockSize>('wide', 'narrow', 'single'),
  outer: whole(1, 3),
  inner: whole(1, 4),
  rows: whole(1, 11),
  /** Rows side by side in a block, or each row in a plane of its own. */
  planes: fc.boolean(),
  apart: fc.boolean(),
  slack: whole(0, 2),
})

type Case = typeof blocksOf extends fc.Arbitrary<infer T> ? T : never

/** Outputs that do not overlap, in one of the two orders; inputs do overlap. */
function layout({ size, outer, inner, rows, planes, apart, slack }: Case) {
  const half = size === 'single' ? 4 : 64
  const bytes = size === 'wide' ? 128 : half
  const gap = slack * (size === 'single' ? 4 : 16)
  const outRow = planes ? outer * inner * bytes + gap : half
  const outInner = planes ? bytes : (bytes / half) * rows * half + gap
  const outHalf = planes ? 64 : rows * half
  const blocks: Blocks = {
    ...{ size, outer, inner, outInner, outOuter: inner * outInner },
    ...{ inInner: apart ? 2 * bytes : half, inOuter: 512 + 2 * gap },
    ...{ inHalf: apart ? 256 : 64, outHalf },
  }
  return { blocks, outRow }
}

const special = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1e-40, 3e38]

const casesOf = fc.record({
  shape: blocksOf,
  seed: whole(0, 1e6),
  bias: fc.boolean(),
  bounds: fc.boolean(),
  /** Most entries of a row. */
  most: whole(0, 9),
  /** Some inputs are NaN, infinite, or too large or small to be multiplied. */
  odd: fc.boolean(),
})

type ProductCase = typeof casesOf extends fc.Arbitrary<infer T> ? T : never

/** Offsets of both signs, numbers that are odd if so wanted, and two bounds. */
function prepareInputs({ shape, odd }: ProductCase, next: () => number, entries: number) {
  const step = shape.size === 'single' ? 4 : 16
  return ({ floats, words }: Room) => {
    for (let k = 0; k < entries; k++)
      words[OFFSETS / 4 + k] = (Math.floor(next() * 800) - 400) * step
    floats.set([-0.25, 0.5], BOUNDS / 4)
    for (let i = 0; odd && i < 400; i++)
      floats[INPUT / 4 - 1000 + Math.floor(next() * 4000)] =
        special[Math.floor(next() * special.length)]!
  }
}

/** Rows of up to `most` entries; the first entry need not be entry 0. */
function prepareRows(test: ProductCase, next: () => number) {
  return (room: Room) => {
    let entry = Math.floor(next() * 5)
    for (let row = 0; row <= test.shape.rows; row++) {
      room.words[STARTS / 4 + row] = entry
      entry += Math.floor(next() * (test.most + 1))
    }
    prepareInputs(test, next, entry)(room)
  }
}

function placesOf({ shape, bias, bounds }: ProductCase, outRow: number) {
  return {
    ...{ input: INPUT, output: OUTPUT, outRow, rows: shape.rows },
    ...{ starts: STARTS, offsets: OFFSETS, values: VALUES },
    ...{ bias: bias ? BIAS : 0, bounds: bounds ? BOUNDS : 0 },
  }
}

describe('product', () => {
  it.each([false, true])(
    'product has the bits of plain loops, shared memory: %s',
    async (shared) => {
      const { firstDifference } = await comparison({ shared })
      const isAlike = (test: ProductCase) => {
        const { blocks, outRow } = layout(test.shape)
        const places = placesOf(test, outRow)
        const prepare = prepareRows(test, random(test.seed))
        const run = (kernels: Kernels) => kernels.product(blocks, places)
        expect(firstDifference(test.seed, prepare, run)).toBe(-1)
      }
      fc.assert(fc.property(casesOf, isAlike), { numRuns: 500, seed: 1 })
    },
  )

  it('product multiplies and adds to rounding with relaxed instructions', async () => {
    setFlagsFromString('--experimental-wasm-relaxed-simd') // Node 20 has them behind it
    const { firstDifference } = await comparison({ relaxed: true })
    const isClose = (test: ProductCase) => {
      const { blocks, outRow } = layout(test.shape)
      const prepare = prepareRows({ ...test, odd: false }, random(test.seed))
      const run = (kernels: Kernels) => kernels.product(blocks, placesOf(test, outRow))
      const close = (a: number, b: number) => Math.abs(a - b) < 1e-5 || Object.is(a, b)
      expect(firstDifference(test.seed, prepare, run, close)).toBe(-1)
    }
    fc.assert(fc.property(casesOf, isClose), { numRuns: 100, seed: 1 })
  })
})

describe('denseProduct', () => {
  it('denseProduct has the bits of plain loops', async () => {
    const { firstDifference } = await comparison()
    const isAlike = (test: ProductCase) => {
      const { blocks, outRow } = layout(test.shape)
      const count = test.most + 1
      const places = { ...placesOf(test, outRow), count }
      const prepare = prepareInputs(test, random(test.seed), count)
      const run = (kernels: Kernels) => kernels.denseProduct(blocks, places)
      expect(firstDifference(test.seed, prepare, run)).toBe(-1)
    }
    fc.assert(fc.property(casesOf, isAlike), { numRuns: 500, seed: 2 })
  })

  it('denseProduct has the bits of the product that lists all entries', async () => {
    const { floats, firstDifference } = await comparison()
    const isAlike = (test: ProductCase) => {
      const { blocks, outRow } = layout(test.shape)
      const { rows } = test.shape
      const count = test.most + 1
      const places = placesOf(test, outRow)
      const packed = 50_000 // behind the values of the product
      const outcomes = [0, 1].map((dense) => {
        firstDifference(
          test.seed,
          (room) => {
            prepareInputs(test, random(test.seed), count)(room)
            const { words, floats } = room
            for (let row = 0; row <= rows; row++) words[STARTS / 4 + row] = row * count
            for (let row = 0; row < rows; row++)
              for (let k = 0; k < count; k++) {
                words[OFFSETS / 4 + row * count + k] = words[OFFSETS / 4 + k]!
                floats[packed / 4 + ((row >> 2) * count + k) * 4 + (row & 3)] =
                  floats[VALUES / 4 + row * count + k]!
              }
          },
          (kernels) =>
            dense
              ? kernels.denseProduct(blocks, { ...places, count, values: packed })
              : kernels.product(blocks, places),
        )
        return floats.slice(OUTPUT / 4)
      })
      expect(outcomes[0]!.findIndex((value, i) => !Object.is(value, outcomes[1]![i]))).toBe(-1)
    }
    fc.assert(fc.property(casesOf, isAlike), { numRuns: 200, seed: 3 })
  })
})

describe('maximum', () => {
  it('maximum finds the largest as plain loops do, NaN where one is', async () => {
    const { firstDifference } = await comparison()
    const isAlike = (test: ProductCase) => {
      const { blocks, outRow } = layout(test.shape)
      const places = placesOf(test, outRow)
      const next = random(test.seed)
      const prepare = (room: Room) => {
        if (test.bounds) takeSigns(room, next)
        prepareRows({ ...test, odd: test.odd && !test.bounds }, next)(room)
      }
      const run = (kernels: Kernels) => kernels.maximum(blocks, places)
      expect(firstDifference(test.seed, prepare, run)).toBe(-1)
    }
    fc.assert(fc.property(casesOf, isAlike), { numRuns: 500, seed: 4 })
  })
})
