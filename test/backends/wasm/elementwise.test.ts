import '@tensorflow/tfjs-layers' // registers the gradients
import { cast, grad, memory, mul, relu, type Tensor, tensor, util } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import { gridOf } from '../../../src/backends/wasm/elementwise/grid.js'
import { noise, on, runKernel, watchHeap } from './support.js'

/** As tfjs documents them, in float32. */
const formulas: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Multiply: (a, b) => a * b,
  RealDiv: (a, b) => a / b,
  Minimum: Math.min,
  Maximum: Math.max,
  Greater: (a, b) => Number(a > b),
  GreaterEqual: (a, b) => Number(a >= b),
  Less: (a, b) => Number(a < b),
  LessEqual: (a, b) => Number(a <= b),
}
const truths = ['Greater', 'GreaterEqual', 'Less', 'LessEqual']
const odd = [0, -0, 1, -1, 2.5, 6, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]

/** Every pair of places of two shapes that fit together, one by one. */
function pairs(a: Tensor, b: Tensor): { shape: number[]; values: [number, number][] } {
  const shape = Array.from(
    { length: Math.max(a.rank, b.rank) },
    (_, i, rank = Math.max(a.rank, b.rank)) =>
      Math.max(a.shape.at(i - rank) ?? 1, b.shape.at(i - rank) ?? 1),
  )
  const [aValues, bValues] = [a.dataSync(), b.dataSync()]
  const placeIn = (own: number[], place: number[]) =>
    own.reduce(
      (index, length, axis) =>
        index * length + (length === 1 ? 0 : place[place.length - own.length + axis]!),
      0,
    )
  const values = Array.from({ length: util.sizeFromShape(shape) }, (_, index) => {
    const place = util.indexToLoc(index, shape.length, util.computeStrides(shape))
    const at = shape.length < 2 ? [index].slice(0, shape.length) : place
    return [aValues[placeIn(a.shape, at)]!, bValues[placeIn(b.shape, at)]!] as [number, number]
  })
  return { shape, values }
}

/** A shape, and for two operands which of its axes they repeat and how many of the first they lack. */
const shapes = fc
  .record({
    shape: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 4 }),
    repeats: fc.array(fc.constantFrom('a', 'b', 'none', 'none'), { minLength: 4, maxLength: 4 }),
    lacks: fc.nat({ max: 4 }),
    swap: fc.boolean(),
  })
  .map(({ shape, repeats, lacks, swap }) => {
    const own = (name: string) => shape.map((length, axis) => (repeats[axis] === name ? 1 : length))
    const both = [own('a'), own('b').slice(Math.min(lacks, shape.length))]
    return swap ? both.toReversed() : both
  })

const mixed = (shape: number[], seed: number) =>
  tensor(
    noise(shape, seed)
      .dataSync()
      .map((value, i) =>
        i % 3 === seed % 3 ? odd[Math.abs(Math.round(value * 100)) % odd.length]! : value,
      ),
    shape,
  )

describe.runIf(process.env.TFJS_BACKEND === 'wasm')('operations value by value on wasm', () => {
  beforeAll(() => void registerWasmGradients())

  for (const [name, formula] of Object.entries(formulas)) {
    it(`${name} gives the bits of its formula for all shapes, NaN and infinity included`, () =>
      fc.assert(
        fc.property(shapes, ([aShape, bShape]) => {
          const [a, b] = [mixed(aShape!, 1), mixed(bShape!, 2)]
          const { shape, values } = pairs(a, b)
          const out = runKernel(name, { a, b })
          expect(out.shape).toEqual(shape)
          expect(out.dtype).toBe(truths.includes(name) ? 'bool' : 'float32')
          expect([...out.dataSync()]).toEqual(values.map(([x, y]) => Math.fround(formula(x, y))))
        }),
        { numRuns: 120, seed: 1 },
      ))
  }

  it('leaves other types and empty tensors to the stock kernels', async () => {
    const whole = () => mul(tensor([3, 5], [2], 'int32'), tensor([7], [1], 'int32'))
    expect((await on('wasm', whole)).values).toEqual([21, 35])
    const cells = { a: tensor([1, 5], [2], 'int32'), b: tensor([3], [], 'int32') }
    expect([...runKernel('Minimum', cells).dataSync()]).toEqual([1, 3])
    expect([...runKernel('Greater', cells).dataSync()]).toEqual([0, 1])
    expect(runKernel('Add', { a: tensor([], [0, 3]), b: tensor([1, 2, 3]) }).shape).toEqual([0, 3])
  })

  it('Step, Square and the slope of ReLU keep NaN and infinity as the cpu backend does', async () => {
    const x = () => tensor([...odd, 0.5, -3])
    const all = () => [
      runKernel('Step', { x: x() }, { alpha: 0 }),
      runKernel('Step', { x: x() }, { alpha: 0.25 }),
      runKernel('Square', { x: x() }),
      grad((value: Tensor) => relu(value))(x(), tensor([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])),
    ]
    const [wasm, cpu] = [await on('wasm', all), await on('cpu', all)]
    expect(wasm).toEqual(cpu)
    expect(wasm.values.slice(0, 11)).toEqual([0, 0, 1, 0, 1, 1, Number.NaN, 1, 0, 1, 0])
  })

  it('Tile repeats axes of length 1, and hands others to the stock kernel', async () => {
    const x = () => noise([3, 1, 5])
    const values = x().dataSync()
    const wide = runKernel('Tile', { x: x() }, { reps: [1, 4, 1] })
    expect(wide.shape).toEqual([3, 4, 5])
    expect([...wide.dataSync()]).toEqual(
      Array.from({ length: 60 }, (_, i) => values[Math.floor(i / 20) * 5 + (i % 5)]!),
    )
    const others = () => [
      runKernel('Tile', { x: x() }, { reps: [2, 1, 3] }),
      runKernel('Tile', { x: cast(x(), 'int32') }, { reps: [1, 4, 1] }),
    ]
    expect(await on('wasm', others)).toEqual(await on('cpu', others))
  })

  it('takes nothing from the heap but its outcome', () => {
    const [a, b] = [noise([4, 3, 9]), noise([3, 1], 2)]
    const held = watchHeap()
    const before = memory().numTensors
    for (const name of Object.keys(formulas)) runKernel(name, { a, b }).dispose()
    expect([held(), memory().numTensors]).toEqual([0, before])
  })
})

describe('gridOf', () => {
  it('joins axes along which the same operands have values', () => {
    expect(gridOf([[2, 3, 5]])).toMatchObject({ rows: 1, columns: 30, column: [1] })
    expect(
      gridOf([
        [2, 3, 5],
        [2, 3, 5],
      ]),
    ).toMatchObject({ rows: 1, columns: 30, starts: [[0, 0]] })
    expect(gridOf([[2, 3, 5], []])).toMatchObject({ columns: 30, column: [1, 0] })
    expect(gridOf([[2, 3, 5], [5], []])).toEqual({
      rows: 6,
      columns: 5,
      column: [1, 1, 0],
      row: [5, 0, 0],
      starts: [[0, 0, 0]],
    })
    expect(
      gridOf([
        [2, 1, 5],
        [2, 3, 5],
      ]),
    ).toEqual({
      rows: 3,
      columns: 5,
      column: [1, 1],
      row: [0, 5],
      starts: [
        [0, 0],
        [5, 15],
      ],
    })
  })
})
