import '@tensorflow/tfjs-layers' // registers the gradients
import {
  clipByValue,
  getGradient,
  grad,
  grads,
  leakyRelu,
  maximum,
  memory,
  minimum,
  mul,
  relu,
  relu6,
  reshape,
  scalar,
  slice,
  square,
  sum,
  type Tensor,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import { noise, on, watchHeap } from './support.js'

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number
const values = [0, -0, 1, -1, 5.5, 6, 7, 1e-40, nan, infinity, -infinity, 2, -0.5]
const slopes = [1, 0, -0, -2, 0.5, nan, infinity, -infinity, 3e38, 1e-45]

/** Every value with every slope: 130 of each, so that lanes and a rest are run. */
const x = () => tensor(values.flatMap((value) => slopes.map(() => value)))
const dy = () => tensor(values.flatMap(() => slopes))

/** dy times the slope at x, as tfjs composes it, in plain JavaScript. */
const step = (x: number) => (Number.isNaN(x) ? x : Number(x > 0))
const formulas: Readonly<
  Record<string, [(x: Tensor) => Tensor, (x: number, dy: number) => number]>
> = {
  relu: [relu, (x, dy) => dy * step(x)],
  relu6: [relu6, (x, dy) => dy * (Number(x <= 6) * step(x))],
  leakyRelu: [(x) => leakyRelu(x, 0.25), (x, dy) => (x > 0 ? dy : dy * 0.25)],
  clipByValue: [(x) => clipByValue(x, -0.5, 6), (x, dy) => (x >= -0.5 && x <= 6 ? dy : 0)],
  'minimum of a number': [(x) => minimum(6, x), (x, dy) => dy * Number(6 > x)],
  'minimum with a number': [(x) => minimum(x, 6), (x, dy) => dy * Number(x <= 6)],
  'maximum of a number': [(x) => maximum(1, x), (x, dy) => dy * Number(1 < x)],
  'maximum with a number': [(x) => maximum(x, 1), (x, dy) => dy * Number(x >= 1)],
}

describe.runIf(process.env.TFJS_BACKEND === 'wasm')('gradients of activations on wasm', () => {
  beforeAll(() => void registerWasmGradients())

  for (const [name, [run, formula]] of Object.entries(formulas)) {
    it(`that of ${name} has the bits of tfjs, NaN, -0 and infinities included`, async () => {
      const compute = () => grad(run)(x(), dy())
      const wasm = await on('wasm', compute)
      expect(wasm).toEqual(await on('cpu', compute))
      const [xs, dys] = [x().dataSync(), dy().dataSync()]
      expect(wasm.values).toEqual([...xs].map((value, i) => Math.fround(formula(value, dys[i]!))))
    })

    it(`the gradient of that of ${name} is right`, () => {
      const x = noise([3, 7], 5)
      const cost = (x: Tensor) => sum(square(run(mul(x, 9))))
      const twice = grad((x: Tensor) => sum(square(grad(cost)(x))))(x).dataSync()
      const outs = run(mul(x, 9)).dataSync()
      x.dataSync().forEach((value, i) => {
        const slope = formula(value * 9, 1)
        // cost' = 18 out slope, and out' = 9 slope
        expect(twice[i]! / 5832).toBeCloseTo(outs[i]! * slope ** 3, 4)
      })
      const inDy = grad((dy: Tensor) => grad(run)(x, dy))(noise([3, 7], 6), noise([3, 7], 7))
      const wanted = [...noise([3, 7], 7).dataSync()].map((ddy, i) =>
        formula(x.dataSync()[i]!, ddy),
      )
      expect([...inDy.dataSync()]).toEqual(wanted)
      const inX = grad((x: Tensor) => grad(run)(x, noise([3, 7], 6)))(x)
      expect([...inX.dataSync()]).toEqual(Array(21).fill(0))
    })
  }

  it('an operand that another is repeated to has the gradient of tfjs', async () => {
    for (const choose of [minimum, maximum]) {
      for (const other of [[3, 5], [5], [3, 1], [1, 1], []]) {
        const [x, y, dy] = [1, 2, 3].map((seed) => () => noise([3, 5], seed))
        const part = () => slice(y!(), [0, 0], [other.at(-2) ?? 1, other.at(-1) ?? 1])
        const compute = () => [
          grad((x: Tensor) => choose(x, reshape(part(), other)))(x!(), dy!()),
          grad((x: Tensor) => choose(reshape(part(), other), x))(x!(), dy!()),
        ]
        expect(await on('wasm', compute)).toEqual(await on('cpu', compute))
      }
      const same = () =>
        grads((a: Tensor, b: Tensor) => choose(a, b))([noise([9]), noise([9])], noise([9], 2))
      expect(await on('wasm', same)).toEqual(await on('cpu', same))
    }
  })

  it('takes alpha and ends of each call as they are', () => {
    const leaks = [0, -0.5, 0.1, 3].map(
      (alpha) => grad((x: Tensor) => leakyRelu(x, alpha))(tensor([-1, 2])).dataSync()[0],
    )
    expect(leaks).toEqual([0, -0.5, Math.fround(0.1), 3])
    const inside = [1, 2, 3].map((most) =>
      grad((x: Tensor) => clipByValue(x, 0, most))(tensor([2])).dataSync(),
    )
    expect(inside.map(([value]) => value)).toEqual([0, 1, 1])
  })

  it('other types and empty tensors go the stock way', async () => {
    const compute = () => [
      grad((x: Tensor) => relu(x))(tensor([], [0, 3])),
      grad((x: Tensor) => relu(x))(tensor([-1, 3], [2], 'int32'), tensor([5, 7])),
      grad((x: Tensor) => minimum(x, scalar(2, 'int32')))(
        tensor([1, 3], [2], 'int32'),
        tensor([5, 7]),
      ),
    ]
    expect(await on('wasm', compute)).toEqual(await on('cpu', compute))
  })

  it('a second registration leaves the gradients as they are', () => {
    const before = getGradient('Relu')
    registerWasmGradients()
    expect(getGradient('Relu')).toBe(before)
  })

  it('leaves nothing behind', () => {
    const input = noise([4, 9])
    const step = () =>
      tidy(() =>
        Object.values(formulas).map(([run]) => grad((x: Tensor) => sum(square(run(x))))(input)),
      )
    step().map((each) => each.dispose())
    const held = watchHeap()
    const before = memory()
    step().map((each) => each.dispose())
    expect(memory().numTensors).toBe(before.numTensors)
    expect(memory().numDataBuffers).toBe(before.numDataBuffers)
    expect(held()).toBe(0)
  })
})
