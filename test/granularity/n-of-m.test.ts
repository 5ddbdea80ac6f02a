import { tensor1d, tensor2d } from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { globally } from '../../src/allocate/globally.js'
import { lamp } from '../../src/allocate/lamp.js'
import { perLayer } from '../../src/allocate/per-layer.js'
import { expandGrains } from '../../src/granularity/expand-grains.js'
import { grainMask } from '../../src/granularity/grain-mask.js'
import { grainScores } from '../../src/granularity/grain-scores.js'
import type { Granularity } from '../../src/granularity/granularity.js'
import { keepInCells } from '../../src/granularity/keep-in-cells.js'
import { nOfM } from '../../src/granularity/n-of-m.js'
import { computeMask } from '../../src/step/compute-mask.js'
import { lateRefusalOf, refusalOf } from '../support/refusal-of.js'
import { randomValues } from '../support/weights.js'

const weight = (shape: readonly number[], className = 'Dense', role = 'kernel') => {
  return { name: `a/${role}`, layer: 'a', role, className, shape }
}

/** The mask that N:M leaves of magnitudes. */
function maskOf(
  shape: readonly number[],
  values: Float32Array,
  { of = 4, density = 0.5, className = 'Dense' } = {},
) {
  const grains = nOfM({ of }).grains(weight(shape, className))
  const mask = new Uint8Array(values.length).fill(1)
  const scores = grainScores(values.map(Math.abs), grains)
  return expandGrains(
    keepInCells(scores, { mask: grainMask(mask, grains), cell: of, density }),
    grains,
    mask,
  )
}

test('nOfM has a cell for M inputs in a row of each output', () => {
  const { count, of, cell } = nOfM({ of: 2 }).grains(weight([4, 2]))
  expect([...of]).toEqual([0, 4, 1, 5, 2, 6, 3, 7])
  expect([count, cell]).toEqual([8, 2])
})

test('nOfM has cells of its own for each place of a window', () => {
  const { count, of } = nOfM({ of: 2 }).grains(weight([2, 1, 2, 2], 'Conv2D'))
  expect([count, ...of]).toEqual([8, 0, 2, 1, 3, 4, 6, 5, 7])
})

test('nOfM goes along the last axis of transposed convolutions, where their inputs are', () => {
  const { of } = nOfM({ of: 2 }).grains(weight([1, 1, 2, 2], 'Conv2DTranspose'))
  expect([...of]).toEqual([0, 1, 2, 3])
})

test('nOfM fills the last cell up with groups that have no element', () => {
  const { count, of } = nOfM({ of: 4 }).grains(weight([6, 2]))
  expect([...of]).toEqual([0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13])
  expect(count).toBe(16)
})

test('nOfM keeps two of four by hand', () => {
  const values = Float32Array.of(5, 1, -6, 2, 7, -3, 8, 4)
  // Outputs (5, -6, 7, 8) and (1, 2, -3, 4).
  expect([...maskOf([4, 2], values)]).toEqual([0, 0, 0, 0, 1, 1, 1, 1])
  expect([...maskOf([4, 2], values, { of: 2 })]).toEqual([0, 0, 1, 1, 0, 0, 1, 1])
  expect([...maskOf([4, 2], values, { density: 0.25 })]).toEqual([0, 0, 0, 0, 0, 0, 1, 1])
  expect([...maskOf([4, 2], values, { density: 0.75 })]).toEqual([0, 0, 1, 1, 1, 1, 1, 1])
})

test('nOfM keeps exactly 2 of each 4 inputs of every output and place', () => {
  const shape = [3, 3, 8, 5]
  const mask = maskOf(shape, randomValues(360), { className: 'Conv2D' })
  expect(mask.reduce((sum, value) => sum + value, 0)).toBe(180)
  for (let place = 0; place < 9; place++) {
    for (let output = 0; output < 5; output++) {
      const inputs = [...Array(8).keys()].map((input) => mask[(place * 8 + input) * 5 + output]!)
      expect(
        [inputs.slice(0, 4), inputs.slice(4)].map((cell) => cell.reduce((a, b) => a + b, 0)),
      ).toEqual([2, 2])
    }
  }
})

test('nOfM keeps N of a last cell that is shorter, or all it has', () => {
  const keptOf = (inputs: number, density: number) => {
    return (
      maskOf([inputs, 3], randomValues(inputs * 3), { density }).reduce(
        (sum, value) => sum + value,
        0,
      ) / 3
    )
  }
  expect([4, 5, 6, 7, 8].map((inputs) => keptOf(inputs, 0.5))).toEqual([2, 3, 4, 4, 4])
  expect([1, 2, 3].map((inputs) => keptOf(inputs, 0.25))).toEqual([1, 1, 1])
  expect([1, 2, 3].map((inputs) => keptOf(inputs, 0.75))).toEqual([1, 2, 3])
})

test('nOfM refuses weights that do not sum over inputs', () => {
  const refuse = (...parts: Parameters<typeof weight>) =>
    refusalOf(() => nOfM({ of: 4 }).grains(weight(...parts)))
  const action = 'RangeError: Cannot group a'
  expect(refuse([8], 'Dense', 'bias')).toBe(
    `${action}/bias by nOfM({ of: 4 }): expected a shape of 2 axes or more, got [8]`,
  )
  const wanted = 'by nOfM({ of: 4 }): expected a weight that sums over its inputs, got'
  expect(refuse([3, 3, 8, 2], 'DepthwiseConv2D', 'depthwise_kernel')).toBe(
    `${action}/depthwise_kernel ${wanted} depthwise_kernel`,
  )
  expect(refuse([9, 8], 'Embedding', 'embeddings')).toBe(
    `${action}/embeddings ${wanted} embeddings`,
  )
})

test('computeMask keeps in the cells of an own granularity, which has grains alone', async () => {
  const pairs: Granularity = {
    name: 'pairs',
    grains: () => ({ count: 8, of: Int32Array.from({ length: 8 }, (_, i) => i), cell: 2 }),
  }
  const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [4] })] })
  model.layers[0]!.setWeights([tensor2d([5, 1, -6, 2, 7, -8, 0.1, 0.2], [4, 2]), tensor1d([0, 0])])
  const mask = await computeMask(model, { density: 0.5, granularity: pairs })
  expect([...mask.weights[0]!.values]).toEqual([1, 0, 1, 0, 0, 1, 0, 1])
  const refusal = await lateRefusalOf(() =>
    computeMask(model, { density: 0.4, granularity: pairs }),
  )
  expect(refusal).toMatch(/^RangeError: Cannot keep in cells: expected a density of 1\/2/)
})

test.each([1, 0, 2.5, -4, Number.NaN])('nOfM refuses cells of %s', (of) => {
  expect(refusalOf(() => nOfM({ of }))).toBe(
    `RangeError: Cannot group by cells: expected of to be a whole number of at least 2, got ${of}`,
  )
})

test('keepInCells keeps what a sort of each cell keeps, the earlier of equal scores', () => {
  const cells = fc.record({
    cell: fc.integer({ min: 1, max: 6 }),
    cells: fc.integer({ min: 0, max: 5 }),
    kept: fc.integer({ min: 1, max: 6 }),
    draws: fc.infiniteStream(
      fc.record({ score: fc.constantFrom(-2, -1, -0, 0, 1, 2), bit: fc.constantFrom(0, 1, 1) }),
    ),
  })
  fc.assert(
    fc.property(cells, ({ cell, cells: number, kept, draws }) => {
      const count = Math.min(kept, cell)
      const drawn = Array.from({ length: cell * number }, () => draws.next().value!)
      const scores = Float32Array.from(drawn, ({ score }) => score)
      const mask = Uint8Array.from(drawn, ({ bit }) => bit)
      const expected = new Uint8Array(scores.length)
      for (let begin = 0; begin < scores.length; begin += cell) {
        const order = [...Array(cell).keys()].map((i) => begin + i).filter((i) => mask[i] === 1)
        order.sort((a, b) => scores[b]! - scores[a]! || a - b)
        for (const i of order.slice(0, count)) expected[i] = 1
      }
      expect(keepInCells(scores, { mask, cell, density: count / cell })).toEqual(expected)
    }),
  )
})

test('keepInCells takes densities that float64 cannot hold', () => {
  const scores = randomValues(30)
  const mask = new Uint8Array(30).fill(1)
  const kept = (cell: number, density: number) =>
    keepInCells(scores, { mask, cell, density }).reduce((a, b) => a + b)
  expect(kept(10, 0.1 + 0.2)).toBe(9)
  expect(kept(3, 1 / 3)).toBe(10)
  expect(kept(5, 1)).toBe(30)
})

test('keepInCells refuses a density that is no N:M', () => {
  const select = (cell: number, density: number) => {
    return refusalOf(() =>
      keepInCells(new Float32Array(8), { mask: new Uint8Array(8), cell, density }),
    )
  }
  for (const density of [0.3, 0.1, 0, -0.25, 1.25, Number.NaN]) {
    expect(select(4, density)).toBe(
      `RangeError: Cannot keep in cells: expected a density of 1/4 or a multiple of it up to 1, as 1:4 keeps 0.25, got ${density}`,
    )
  }
  expect(select(3, 1 / 3)).toBe(
    'RangeError: Cannot keep in cells: expected cells of a divisor of 8, got 3',
  )
  expect(select(0, 1)).toBe(
    'RangeError: Cannot keep in cells: expected cell to be a whole number of at least 1, got 0',
  )
})

test('keepInCells refuses scores that are not finite, unless they are pruned, and masks of another length', () => {
  const scores = Float32Array.of(1, Number.NaN)
  expect(
    refusalOf(() => keepInCells(scores, { mask: Uint8Array.of(1, 1), cell: 2, density: 0.5 })),
  ).toBe('RangeError: Cannot keep in cells: expected finite scores, got NaN at index 1')
  expect([...keepInCells(scores, { mask: Uint8Array.of(1, 0), cell: 2, density: 0.5 })]).toEqual([
    1, 0,
  ])
  expect(
    refusalOf(() => keepInCells(scores, { mask: Uint8Array.of(1), cell: 2, density: 0.5 })),
  ).toBe('TypeError: Cannot keep in cells: expected 2 mask values, got 1')
})

const limits = (limit: object) => ({ select: { limits: [{ include: 'in', ...limit }] } })
test.each([
  ['limits', limits({ minimumDensity: 0.5 }), 'got limits of in/kernel'],
  ['a largest density', limits({ maximumDensity: 0.2 }), 'got limits of in/kernel'],
  ['another allocator', { allocate: globally() }, 'got another allocator'],
  ['an allocator with a criterion', { allocate: lamp() }, 'got another allocator'],
])('computeMask refuses %s beside cells, which would be left out', async (_, options, got) => {
  const first = layers.dense({ name: 'in', units: 8, inputShape: [8] })
  const model = sequential({ layers: [first, layers.dense({ units: 4 })] })
  const run = (more: object) =>
    computeMask(model, { density: 0.25, granularity: nOfM({ of: 4 }), ...more })
  const wanted = 'expected perLayer() and no limits, since all cells keep one share'
  expect(await lateRefusalOf(() => run(options))).toBe(
    `RangeError: Cannot keep in cells: ${wanted}, ${got}`,
  )
  expect((await run({ allocate: perLayer() })).kept).toBe(24)
})
