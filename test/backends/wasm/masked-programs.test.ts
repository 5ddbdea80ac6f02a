import {
  add,
  clone,
  conv2d,
  dispose,
  fused,
  grad,
  matMul,
  mean,
  mul,
  relu,
  reshape,
  type Scalar,
  setBackend,
  square,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tidy,
  transpose,
  type Variable,
  variable,
  variableGrads,
} from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { randomStream } from '../../../src/internal/random.js'
import { MaskedOptimizer } from '../../../src/masks/masked-optimizer.js'
import { countDense, maskTensor, Seen } from './masked-support.js'
import { noise } from './support.js'

const SIDE = 6
const SEEDS = 60

type Four = [number, number, number, number]
type Draw = <T>(list: readonly T[]) => T

/** A weight as it is, or seen in a way that shares its values, or mixed with another one. */
function weightOf(draw: Draw, weights: readonly Tensor[]): Tensor2D {
  const weight = draw(weights) as Tensor2D
  const square = [SIDE, SIDE] as [number, number]
  return draw<() => Tensor2D>([
    () => weight,
    () => weight,
    () => clone(weight) as Tensor2D,
    () => reshape(reshape(weight, [-1]), square),
    () => transpose(weight) as Tensor2D,
    () => add(weight, draw(weights)) as Tensor2D,
    () => mul(weight, 0.5) as Tensor2D,
  ])()
}

/** A loss within a program, whose gradient is a value like others. */
const ownLoss = (w: Tensor) =>
  mean(square(relu(matMul(noise([9, SIDE], 4) as Tensor2D, w as Tensor2D))))

/** The next value of a program: a product of a value with a weight in one of the forms of tfjs. */
function next(draw: Draw, values: readonly Tensor2D[], weights: readonly Tensor[]): Tensor2D {
  const [x, b] = [draw(values), weightOf(draw, weights)]
  const [pixels, taps] = [
    [-1, 1, 1, SIDE],
    [1, 1, SIDE, SIDE],
  ] as [Four, Four]
  const images = () => reshape(x, pixels) as Tensor4D
  const flat = (images: Tensor) => reshape(images, [-1, SIDE]) as Tensor2D
  return draw<() => Tensor2D>([
    () => matMul(x, b),
    () => matMul(x, b, false, true),
    () => fused.matMul({ a: x, b, bias: noise([SIDE], 3) }) as Tensor2D,
    () => fused.matMul({ a: x, b, activation: 'relu' }) as Tensor2D,
    () => flat(conv2d(images(), reshape(b, taps), 1, 'valid')),
    () =>
      flat(
        fused.conv2d({
          x: images(),
          filter: reshape(b, taps) as Tensor4D,
          strides: 1,
          pad: 'same',
        }),
      ),
    () => matMul(weightOf(draw, weights), b),
    () => matMul(transpose(x), x),
    () => relu(add(x, 0.1)) as Tensor2D,
    () => matMul(x, grad(ownLoss)(draw(weights)) as Tensor2D),
  ])()
}

/** The mean square of a random program, which is the same for the same seed. */
function program(seed: number, weights: readonly Tensor[]): Scalar {
  const { below } = randomStream(seed)
  const draw: Draw = (list) => list[below(list.length)]!
  const values = [noise([20, SIDE], 1), noise([20, SIDE], 2)] as Tensor2D[]
  values.push(matMul(values[0]!, weights[0] as Tensor2D)) // some weight is used
  for (let i = 0; i < 6; i++) values.push(next(draw, values, weights))
  return values.map((each) => mean(square(each))).reduce((a, b) => add(a, b)) as Scalar
}

/** Gradients by the place of the variable in the list; undefined where there is none. */
const inOrder = (all: readonly Variable[], seen: Record<string, Float32Array>) =>
  all.map(({ name }) => seen[name])

describe.skipIf(process.env.TFJS_BACKEND !== 'wasm')('random programs', () => {
  beforeAll(countDense)

  it.each(Array.from({ length: SEEDS }, (_, seed) => seed))(
    'have the gradients of the cpu backend, masked for held weights alone: program %i',
    async (seed) => {
      const masks = [1, 2, 3].map((k) => maskTensor([SIDE, SIDE], 0.4, k + seed))
      const made = masks.map((mask, k) =>
        variable(tidy(() => mul(mul(0.6, noise([SIDE, SIDE], k + 1)), mask))),
      )
      const free = variable(tidy(() => mul(0.6, noise([SIDE, SIDE], 9))))
      const all = [...made, free]
      const held = made.map((variable, k) => ({ variable, mask: masks[k]! }))
      const seen = new Seen()
      // The third weight is held by another optimizer: it is free for this one.
      const other = new MaskedOptimizer(new Seen(), held.slice(2), true)
      const optimizer = new MaskedOptimizer(seen, held.slice(0, 2), true)
      const cost = () => tidy(() => program(seed, all))
      other.minimize(cost, false, all)
      optimizer.minimize(cost, false, all)
      if (seed % 2 === 1) free.assign(made[seed % 3]!)
      await setBackend('cpu')
      const { value, grads } = variableGrads(cost, all)
      const expected = Object.fromEntries(
        Object.entries(grads).map(([name, each]) => [name, each.dataSync().slice()]),
      ) as Record<string, Float32Array>
      dispose([value, ...Object.values(grads)])
      await setBackend('wasm')
      optimizer.minimize(cost, false, all)
      const ours = inOrder(all, seen.gradients)
      for (const [k, values] of inOrder(all, expected).entries()) {
        if (!values) continue
        const ones = k < 2 ? masks[k]!.dataSync() : undefined
        const largest = values.reduce((most, each) => Math.max(most, Math.abs(each)), 1e-3)
        values.forEach((each, i) => {
          const wanted = ones?.[i] === 0 ? 0 : each
          expect(Math.abs(wanted - ours[k]![i]!)).toBeLessThan(1e-5 * largest)
        })
      }
    },
  )
})
