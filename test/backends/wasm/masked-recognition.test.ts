import {
  add,
  clone,
  conv2d,
  customGrad,
  dispose,
  engine,
  fused,
  type GradConfig,
  getGradient,
  grad,
  grads,
  matMul,
  mul,
  Optimizer,
  registerGradient,
  relu,
  reshape,
  type Scalar,
  setBackend,
  square,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tensor2d,
  tidy,
  train,
  unregisterGradient,
  type Variable,
  variable,
  variableGrads,
} from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { withMasks } from '../../../src/layers/with-masks.js'
import { applyMask } from '../../../src/masks/apply-mask.js'
import { MaskedOptimizer, maskedOptimizer } from '../../../src/masks/masked-optimizer.js'
import { countDense, denseCallsOf, maskOf, maskTensor, Seen, startCount } from './masked-support.js'
import { distance, noise, type Outcome } from './support.js'

const outcome = (tensors: readonly Tensor[]): Outcome => ({
  shapes: tensors.map(({ shape }) => shape),
  values: tensors.flatMap((each) => [...each.dataSync()]),
})

interface Held {
  readonly variable: Variable
  readonly mask: Tensor
}

/** A weight that is held, with pruned places at 0. */
function heldWeight(shape: number[], seed = 1, density = 0.4): Held {
  const mask = maskTensor(shape, density, seed)
  return { variable: variable(tidy(() => mul(noise(shape, seed), mask))), mask }
}

/** The gradients that an optimizer of these weights is given after a step in which all settled. */
function gradientsSeen(held: readonly Held[], cost: () => Tensor, all?: Variable[]) {
  const seen = new Seen()
  const optimizer = new MaskedOptimizer(seen, held, true)
  const step = () => optimizer.minimize(() => tidy(cost) as Scalar, false, all)
  step()
  const calls = denseCallsOf(step)
  return { seen: seen.gradients, calls, optimizer }
}

/** The same gradients of the cpu backend, where nothing is masked before the end. */
async function truth(variables: readonly Variable[], cost: () => Tensor) {
  await setBackend('cpu')
  const { value, grads } = variableGrads(() => tidy(cost) as Scalar, [...variables])
  const values = Object.fromEntries(
    Object.entries(grads).map(([name, each]) => [name, each.dataSync().slice() as Float32Array]),
  )
  dispose([value, grads as never])
  await setBackend('wasm')
  return values
}

const masked = (values: Float32Array, mask: Tensor): number[] => {
  const ones = mask.dataSync()
  return [...values].map((value, i) => (ones[i] === 1 ? value : 0))
}
const apart = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  distance({ shapes: [], values: [...Array.from(a)] }, { shapes: [], values: [...Array.from(b)] })
const loss = (...outputs: Tensor[]): Tensor =>
  outputs.map((each) => sum(square(each))).reduce((a, b) => add(a, b))

const x = () => noise([20, 12], 5) as Tensor2D
const images = () => noise([18, 6, 5, 4], 6) as Tensor4D
/** No product at all ran dense. */
const none = {}

describe.skipIf(process.env.TFJS_BACKEND !== 'wasm')('which gradients are masked early', () => {
  beforeAll(countDense)

  it('those of a held matrix and of a held filter, in every form of tfjs', async () => {
    const [w, f] = [heldWeight([12, 7], 1), heldWeight([3, 2, 4, 5], 2)]
    const [matrix, filter] = [w.variable as Tensor as Tensor2D, f.variable as Tensor as Tensor4D]
    const bias = noise([7], 3)
    const forms: (() => Tensor)[] = [
      () => matMul(x(), matrix),
      () => fused.matMul({ a: x(), b: matrix }),
      () => fused.matMul({ a: x(), b: matrix, bias, activation: 'relu' }),
      () => matMul(x(), clone(matrix)),
      () => matMul(x(), reshape(reshape(matrix, [7, 12]), [12, 7])),
    ]
    const convolutions: (() => Tensor)[] = [
      () => conv2d(images(), filter, 1, 'same'),
      () => relu(conv2d(images(), filter, 2, 'valid')),
      () => fused.conv2d({ x: images(), filter, strides: 1, pad: 'same' }),
      () =>
        fused.conv2d({
          x: images(),
          filter,
          strides: 2,
          pad: 1,
          bias: noise([5]),
          activation: 'relu',
        }),
    ]
    for (const [held, list] of [
      [w, forms],
      [f, convolutions],
    ] as const) {
      for (const form of list) {
        const cost = () => loss(form())
        const expected = await truth([held.variable], cost)
        const { seen, calls } = gradientsSeen([held], cost)
        const { name } = held.variable
        expect(apart(masked(expected[name]!, held.mask), seen[name]!)).toBeLessThan(1e-5)
        expect(calls).toEqual(none)
      }
    }
  })

  it('the same input in products with a held weight, another held one and one that is free', async () => {
    const [a, b] = [heldWeight([12, 7], 1), heldWeight([12, 7], 2)]
    const free = variable(noise([12, 7], 3))
    const input = x()
    const cost = () =>
      loss(...[a.variable, b.variable, free].map((w) => matMul(input, w as Tensor)))
    const all = [a.variable, b.variable, free]
    const expected = await truth(all, cost)
    const { seen, calls } = gradientsSeen([a, b], cost, all)
    expect(apart(masked(expected[a.variable.name]!, a.mask), seen[a.variable.name]!)).toBeLessThan(
      1e-5,
    )
    expect(apart(masked(expected[b.variable.name]!, b.mask), seen[b.variable.name]!)).toBeLessThan(
      1e-5,
    )
    expect(apart(expected[free.name]!, seen[free.name]!)).toBeLessThan(1e-5)
    expect(calls).toEqual({ BatchMatMul: 2 }) // forth and back of the free one
  })

  it('a free variable that was given the values of a held one by reference gets all of its gradient', async () => {
    const held = heldWeight([3, 3, 4, 5])
    const free = variable(noise([3, 3, 4, 5], 2))
    const input = images()
    const all = [held.variable, free]
    const cost = () => {
      free.assign(held.variable)
      expect(free.dataId).toBe(held.variable.dataId)
      return loss(...all.map((w) => conv2d(input, w as Tensor as Tensor4D, 1, 'same')))
    }
    const expected = await truth(all, cost)
    const { seen, calls } = gradientsSeen([held], cost, all)
    expect(apart(expected[free.name]!, seen[free.name]!)).toBeLessThan(1e-5)
    expect(seen[free.name]!.filter((value) => value === 0)).toHaveLength(0)
    expect(calls).toEqual({ Conv2DBackpropFilter: 1 })
  })

  it('a filter in two calls, and one in the middle of a network', async () => {
    const held = heldWeight([3, 3, 4, 4])
    const filter = held.variable as Tensor as Tensor4D
    const cost = () => loss(conv2d(relu(conv2d(images(), filter, 1, 'same')), filter, 2, 'same'))
    const expected = await truth([held.variable], cost)
    const { seen, calls } = gradientsSeen([held], cost)
    const { name } = held.variable
    expect(apart(masked(expected[name]!, held.mask), seen[name]!)).toBeLessThan(1e-5)
    expect(calls).toEqual(none)
  })

  it('gradients that somebody else asks for are whole, before a step, between steps and after', async () => {
    const held = heldWeight([12, 7])
    const cost = () => loss(matMul(x(), held.variable as Tensor))
    const { name } = held.variable
    const expected = await truth([held.variable], cost)
    const { optimizer } = gradientsSeen([held], cost)
    const asked = () =>
      variableGrads(() => cost() as Scalar, [held.variable]).grads[name]!.dataSync()
    const calls = denseCallsOf(() => expect(apart(expected[name]!, asked())).toBeLessThan(1e-5))
    expect(calls).toEqual({ BatchMatMul: 1 }) // forth without pruned weights, back whole
    optimizer.minimize(() => cost() as Scalar)
    expect(apart(expected[name]!, asked())).toBeLessThan(1e-5)
    optimizer.release()
    expect(apart(expected[name]!, asked())).toBeLessThan(1e-5)
  })

  it('gradients within the function that is minimised are whole', async () => {
    const held = heldWeight([12, 7])
    const product = (w: Tensor) => matMul(x(), w as Tensor2D)
    const { name } = held.variable
    const expected = await truth([held.variable], () => loss(product(held.variable)))
    const inner: Float32Array[] = []
    const cost = () => {
      inner.push(
        grad((w) => loss(product(w)))(held.variable)
          .dataSync()
          .slice() as Float32Array,
      )
      return loss(product(held.variable))
    }
    const { seen } = gradientsSeen([held], cost)
    for (const each of inner) expect(apart(expected[name]!, each)).toBeLessThan(1e-5)
    expect(apart(masked(expected[name]!, held.mask), seen[name]!)).toBeLessThan(1e-5)
  })

  it('a gradient of a gradient is that of the cpu backend', async () => {
    const held = heldWeight([12, 7])
    const penalty = () =>
      loss(grad((input) => loss(matMul(input as Tensor2D, held.variable as Tensor)))(x()))
    const expected = await truth([held.variable], penalty)
    const { seen } = gradientsSeen([held], penalty)
    const { name } = held.variable
    expect(apart(masked(expected[name]!, held.mask), seen[name]!)).toBeLessThan(1e-5)
  })

  it('an optimizer that minimises within another one', async () => {
    const [outer, inner] = [heldWeight([12, 7], 1), heldWeight([12, 7], 2)]
    const cost = ({ variable }: Held) => loss(matMul(x(), variable as Tensor))
    const [first, second] = [
      await truth([outer.variable], () => cost(outer)),
      await truth([inner.variable], () => cost(inner)),
    ]
    const within = new Seen()
    const optimizer = new MaskedOptimizer(within, [inner], true)
    const { seen } = gradientsSeen([outer], () => {
      optimizer.minimize(() => tidy(() => cost(inner)) as Scalar, false, [inner.variable])
      return cost(outer)
    }, [outer.variable])
    const [a, b] = [outer.variable.name, inner.variable.name]
    expect(apart(masked(first[a]!, outer.mask), seen[a]!)).toBeLessThan(1e-5)
    expect(apart(masked(second[b]!, inner.mask), within.gradients[b]!)).toBeLessThan(1e-5)
  })

  it('an optimizer that minimises within another one holds nothing of the outer gradient', async () => {
    const [own, other] = [heldWeight([12, 7], 1), heldWeight([12, 7], 2)]
    const all = [own.variable, other.variable]
    const product = () => matMul(x(), other.variable as Tensor)
    const cost = () => loss(product(), matMul(x(), own.variable as Tensor))
    const expected = await truth(all, cost)
    const within = new MaskedOptimizer(new Seen(), [other], true)
    const { seen, calls } = gradientsSeen(
      [own],
      () => {
        within.minimize(() => tidy(() => loss(product())) as Scalar, false, [other.variable])
        return cost()
      },
      all,
    )
    const [a, b] = all.map(({ name }) => name) as [string, string]
    expect(apart(masked(expected[a]!, own.mask), seen[a]!)).toBeLessThan(1e-5)
    expect(apart(expected[b]!, seen[b]!)).toBeLessThan(1e-5)
    expect(calls).toEqual({ BatchMatMul: 2 }) // the gradients of the other one
  })

  it('what another optimizer holds is free for this one', async () => {
    const [own, other] = [heldWeight([12, 7], 1), heldWeight([12, 7], 2)]
    const cost = () => loss(...[own, other].map(({ variable }) => matMul(x(), variable as Tensor)))
    const all = [own.variable, other.variable]
    const expected = await truth(all, cost)
    gradientsSeen([other], cost, all)
    const { seen } = gradientsSeen([own], cost, all)
    const { name } = other.variable
    expect(apart(expected[name]!, seen[name]!)).toBeLessThan(1e-5)
  })

  it('an own gradient that multiplies saved tensors again gets whole products', async () => {
    const held = heldWeight([12, 7])
    const other = noise([20, 7], 8) as Tensor2D
    const products: Tensor[] = []
    const own = customGrad((...inputs) => {
      const [input, weight, save] = inputs as unknown as [
        Tensor2D,
        Tensor2D,
        (list: Tensor[]) => void,
      ]
      save([input, weight])
      return {
        value: matMul(input, weight),
        gradFunc: (dy: Tensor, [saved]: Tensor[]) => {
          products.push(matMul(saved as Tensor2D, other, true).dataSync() as never)
          return [dy, matMul(saved as Tensor2D, dy as Tensor2D, true)].map((_, i) =>
            i === 0
              ? matMul(dy as Tensor2D, weight, false, true)
              : matMul(saved as Tensor2D, dy as Tensor2D, true),
          )
        },
      }
    })
    const cost = () => loss(own(x(), held.variable))
    const expected = await truth([held.variable], cost)
    const whole = outcome([matMul(x(), other, true)])
    const { seen } = gradientsSeen([held], cost)
    const { name } = held.variable
    expect(apart(masked(expected[name]!, held.mask), seen[name]!)).toBeLessThan(1e-5)
    expect(products).toHaveLength(3)
    for (const each of products)
      expect(apart(whole.values, each as unknown as Float32Array)).toBeLessThan(1e-5)
  })

  it('a gradient of matMul that was registered later is not taken for that of tfjs', async () => {
    const held = heldWeight([7, 7])
    const stock = getGradient('BatchMatMul') as GradConfig
    const input = noise([9, 7], 5) as Tensor2D
    const squares = outcome([matMul(input, input, true)])
    const seenSquares: ArrayLike<number>[] = []
    unregisterGradient('BatchMatMul')
    registerGradient({
      ...stock,
      gradFunc: (dy, saved, attrs) => {
        const [a] = saved as unknown as [Tensor2D]
        seenSquares.push(matMul(a, a, true).dataSync())
        return stock.gradFunc(dy, saved, attrs)
      },
    })
    try {
      const { seen } = gradientsSeen([held], () => loss(matMul(input, held.variable as Tensor)))
      for (const each of seenSquares) expect(apart(squares.values, each)).toBeLessThan(1e-5)
      expect(seenSquares.length).toBeGreaterThan(0)
      expect(Object.keys(seen)).toEqual([held.variable.name])
    } finally {
      unregisterGradient('BatchMatMul')
      registerGradient(stock)
    }
  })

  it('an own gradient that hands on its input as it is sees all of the gradient', async () => {
    const held = heldWeight([12, 7])
    const seen: ArrayLike<number>[] = []
    const watch = customGrad((watched) => ({
      value: watched as Tensor,
      gradFunc: (dy: Tensor) => {
        seen.push(dy.dataSync().slice())
        return dy
      },
    }))
    const { name } = held.variable
    const expected = await truth([held.variable], () => loss(matMul(x(), held.variable as Tensor)))
    const costs = [
      () => loss(matMul(x(), watch(held.variable) as Tensor2D)),
      () => {
        const view = reshape(held.variable as Tensor, [12, 7]) as Tensor2D
        watch(view)
        return loss(matMul(x(), view))
      },
    ]
    for (const cost of costs) gradientsSeen([held], cost)
    expect(seen).toHaveLength(4)
    for (const each of seen) expect(apart(expected[name]!, each)).toBeLessThan(1e-5)
  })

  it('a gradient that an own gradient asks for, on a tape of its own, is whole', async () => {
    const held = heldWeight([12, 7])
    const seen: ArrayLike<number>[] = []
    // tfjs forgets the tape in use where another gradient begins: such code keeps it.
    const again = customGrad((...inputs) => {
      const [input, weight, save] = inputs as unknown as [
        Tensor2D,
        Tensor2D,
        (list: Tensor[]) => void,
      ]
      save([input])
      const gradFunc = (dy: Tensor, [saved]: Tensor[]) => {
        const { state } = engine()
        const { activeTape } = state
        const product = (a: Tensor) => matMul(a as Tensor2D, held.variable as Tensor)
        const ofInput = grad(product)(saved!, dy)
        const ofWeight = grads(() => product(saved!))([held.variable], dy)[0]!
        state.activeTape = activeTape!
        seen.push(ofWeight.dataSync().slice())
        return [ofInput, ofWeight]
      }
      return { value: matMul(input, weight), gradFunc }
    })
    const expected = await truth([held.variable], () => loss(matMul(x(), held.variable as Tensor)))
    gradientsSeen([held], () => loss(again(x(), held.variable)))
    expect(seen).toHaveLength(2)
    for (const each of seen) expect(apart(expected[held.variable.name]!, each)).toBeLessThan(1e-5)
  })

  it('a computeGradients in the place of that of tfjs is given whole gradients', async () => {
    const held = heldWeight([12, 7])
    const cost = () => loss(matMul(x(), held.variable as Tensor)) as Scalar
    const { name } = held.variable
    const expected = await truth([held.variable], cost)
    const { optimizer } = gradientsSeen([held], cost)
    const { computeGradients } = Optimizer.prototype
    function own(this: Optimizer, ...given: Parameters<typeof computeGradients>) {
      const found = computeGradients.apply(this, given)
      expect(apart(expected[name]!, found.grads[name]!.dataSync())).toBeLessThan(1e-5)
      return found
    }
    Optimizer.prototype.computeGradients = own
    try {
      expect(denseCallsOf(() => optimizer.minimize(cost))).toEqual({ BatchMatMul: 1 })
    } finally {
      Optimizer.prototype.computeGradients = computeGradients
    }
    expect(denseCallsOf(() => optimizer.minimize(cost))).toEqual(none)
    optimizer.computeGradients = own
    expect(denseCallsOf(() => optimizer.minimize(cost))).toEqual({ BatchMatMul: 1 })
  })

  it('a cost that throws leaves no weight behind for which gradients are masked', async () => {
    const held = heldWeight([12, 7])
    const cost = () => loss(matMul(x(), held.variable as Tensor))
    const { name } = held.variable
    const expected = await truth([held.variable], cost)
    const { optimizer } = gradientsSeen([held], cost)
    const fail = () => {
      cost()
      throw new Error('no cost')
    }
    expect(() => optimizer.minimize(fail)).toThrow('no cost')
    const { grads } = variableGrads(() => cost() as Scalar, [held.variable])
    expect(apart(expected[name]!, grads[name]!.dataSync())).toBeLessThan(1e-5)
  })
})

const model = (): LayersModel =>
  sequential({
    layers: [
      layers.conv2d({ filters: 6, kernelSize: 3, inputShape: [7, 6, 3], activation: 'relu' }),
      layers.conv2d({ filters: 5, kernelSize: 2, strides: 2, padding: 'same' }),
      layers.flatten(),
      layers.dense({ units: 9, activation: 'relu' }),
      layers.dense({ units: 2 }),
    ],
  })

describe.skipIf(process.env.TFJS_BACKEND !== 'wasm')('which products leave out weights', () => {
  beforeAll(countDense)

  it('those of settled weights, until they are written, released or on another backend', async () => {
    const held = heldWeight([12, 7])
    const cost = () => loss(matMul(x(), held.variable as Tensor))
    const product = () => matMul(x(), held.variable as Tensor)
    const { optimizer } = gradientsSeen([held], cost)
    expect(denseCallsOf(product)).toEqual(none)
    await setBackend('cpu')
    const there = outcome([product()])
    await setBackend('wasm')
    expect(distance(there, outcome([product()]))).toBeLessThan(1e-5)
    expect(denseCallsOf(product)).toEqual(none)

    const written = noise([12, 7], 9)
    held.variable.assign(written as never)
    expect(denseCallsOf(product)).toEqual({ BatchMatMul: 1 })
    expect(outcome([product()])).toEqual(outcome([matMul(x(), written as Tensor2D)]))

    optimizer.minimize(() => cost() as Scalar)
    expect(denseCallsOf(product)).toEqual(none)
    optimizer.release()
    expect(denseCallsOf(product)).toEqual({ BatchMatMul: 1 })
  })

  it('trains a model as before, and skips what it can', () => {
    const source = model()
    const mask = maskOf(source, 0.3, 1)
    const optimizer = maskedOptimizer(source, train.adam(0.01), mask)
    const input = noise([33, 7, 6, 3], 2)
    const variables = source.trainableWeights.map((weight) => weight.read() as Variable)
    const step = () =>
      optimizer.minimize(
        () => tidy(() => loss(source.apply(input, { training: true }) as Tensor)) as Scalar,
        false,
        variables,
      )
    step()
    expect(denseCallsOf(step)).toEqual(none)
    const before = source.getWeights().map((each) => each.dataSync().slice())
    optimizer.dispose()
    source.dispose()
    expect(before.flatMap((values) => [...values]).every(Number.isFinite)).toBe(true)
  })

  it('the activations relu and relu6 are fused in; others run dense', async () => {
    const held = heldWeight([3, 3, 4, 5])
    const filter = held.variable as Tensor as Tensor4D
    const product = (activation: 'relu' | 'relu6' | 'elu', bias = noise([5], 7)) =>
      fused.conv2d({
        x: mul(9, images()) as Tensor4D,
        filter,
        strides: 1,
        pad: 'same',
        bias,
        activation,
      })
    gradientsSeen([held], () => loss(conv2d(images(), filter, 1, 'same')))
    for (const activation of ['relu', 'relu6', 'elu'] as const) {
      await setBackend('cpu')
      const there = outcome([product(activation)])
      await setBackend('wasm')
      expect(distance(there, outcome([product(activation)]))).toBeLessThan(1e-5)
      expect(denseCallsOf(() => product(activation))).toEqual(
        activation === 'elu' ? { FusedConv2D: 1 } : none,
      )
    }
  })

  it('NaN of an input reaches the outputs that a kept weight leads to, and no others', () => {
    const mask = tensor2d([1, 0, 0, 1], [2, 2], 'bool')
    const held = { variable: variable(tensor2d([2, 0, 0, 3], [2, 2])), mask }
    const input = tensor2d([Number.NaN, 1], [1, 2])
    gradientsSeen([held], () => loss(matMul(noise([1, 2]) as Tensor2D, held.variable as Tensor)))
    expect([...matMul(input, held.variable as Tensor).dataSync()]).toEqual([Number.NaN, 3])
  })

  it('model.fit leaves weights out, and ends with the weights of the cpu backend', async () => {
    const input = noise([40, 7, 6, 3], 2)
    const labels = noise([40, 2], 3)
    const fit = async (backend: 'cpu' | 'wasm') => {
      await setBackend(backend)
      const source = model()
      const values = source.weights.map(({ shape }, i) => mul(0.3, noise(shape as number[], i + 1)))
      source.setWeights(values)
      const mask = maskOf(source, 0.3, 1)
      applyMask(source, mask)
      const optimizer = maskedOptimizer(source, train.momentum(0.01, 0.9), mask)
      source.compile({ optimizer, loss: 'meanSquaredError' })
      const options = { epochs: 1, batchSize: 20, shuffle: false, verbose: 0 } as const
      await source.fit(input, labels, options)
      const calls = startCount()
      await source.fit(input, labels, options)
      return { calls: calls(), weights: outcome(source.getWeights()) }
    }
    const there = await fit('cpu')
    const here = await fit('wasm')
    expect(here.calls).toEqual(none)
    expect(distance(there.weights, here.weights)).toBeLessThan(1e-5)
  })

  it('masking layers mask each gradient early, whoever asks, and equal the cpu backend', async () => {
    const source = model()
    const layered = withMasks(source, maskOf(source, 0.3, 4))
    const variables = layered.trainableWeights.map((weight) => weight.read() as Variable)
    const input = noise([17, 7, 6, 3], 2)
    const cost = () => loss(layered.apply(input, { training: true }) as Tensor)
    const expected = await truth(variables, cost)
    cost()
    let grads: Record<string, Tensor> = {}
    const calls = denseCallsOf(() => {
      grads = variableGrads(() => tidy(cost) as Scalar, variables).grads
    })
    expect(calls).toEqual(none)
    for (const [name, values] of Object.entries(expected))
      expect(apart(values, grads[name]!.dataSync())).toBeLessThan(1e-5)
  })
})
