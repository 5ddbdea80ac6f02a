import '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { compileSparse, workerThreads } from 'tfjs-prune/sparse'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { randomValues } from '../support/weights.js'
import { farthest, prunedWeights } from './support/compare.js'

const size = 8 * 8 * 3

const built = (seed = 1): LayersModel =>
  prunedWeights(
    sequential({
      layers: [
        layers.conv2d({
          ...{ filters: 4, kernelSize: 3, activation: 'relu', biasInitializer: 'ones' },
          inputShape: [8, 8, 3],
        }),
        layers.maxPooling2d({}),
        layers.flatten(),
        layers.dense({ units: 3 }),
      ],
    }),
    seed,
  )

const samples = (count: number) => Float32Array.from(randomValues(count * size, 3))

function inTfjs(model: LayersModel, values: Float32Array): Float32Array {
  return tf.tidy(() => {
    const xs = tf.tensor(values, [values.length / size, 8, 8, 3])
    return (model.predict(xs) as tf.Tensor).dataSync() as Float32Array
  })
}

/** A promise that is kept once `open` is called. */
function gate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, opened }
}

afterEach(() => vi.restoreAllMocks())

it('sees other weights of the model behind update alone', async () => {
  const model = built()
  const network = await compileSparse(model)
  const values = samples(2)
  const before = network.predict(values) as Float32Array
  prunedWeights(model, 50)
  expect(network.predict(values)).toEqual(before)
  await network.update()
  const after = network.predict(values) as Float32Array
  expect(after).not.toEqual(before)
  expect(farthest(after, inTfjs(model, values))).toBeLessThan(1e-5)
})

it('keeps the weights of the update that began last, whichever ends first', async () => {
  const model = built()
  const threads = workerThreads({ count: 1 })
  const [read, end] = [gate(), gate()]
  let calls = 0
  const start: typeof threads.start = async (...given) => {
    const started = await threads.start(...given)
    if (++calls === 2) {
      read.open()
      await end.opened
    }
    return started
  }
  const network = await compileSparse(model, { threads: { ...threads, start } })
  prunedWeights(model, 20)
  const slow = network.update()
  await read.opened
  prunedWeights(model, 50)
  await network.update()
  end.open()
  await slow
  const values = samples(2)
  const after = network.predict(values) as Float32Array
  expect(farthest(after, inTfjs(model, values))).toBeLessThan(1e-5)
})

it('takes any number of samples, in whatever order the numbers come', async () => {
  const model = built()
  const network = await compileSparse(model)
  for (const count of [40, 1, 17, 3, 16]) {
    const values = samples(count)
    const got = network.predict(values) as Float32Array
    expect(farthest(got, inTfjs(model, values))).toBeLessThan(1e-5)
  }
})

describe('numbers that are none', () => {
  it('complex ones, which have two floats each, are refused', async () => {
    const network = await compileSparse(built(), { tfjs: tf })
    const xs = { shape: [1, 8, 8, 3], dataSync: () => new Float32Array(2 * size) }
    expect(() => network.predict(xs)).toThrow(
      'Cannot predict: expected a tensor of real numbers, got one of complex ones',
    )
  })

  it.each([Number.NaN, Infinity, -Infinity])(
    '%d goes through tfjs and is refused here',
    async (bad) => {
      const model = built()
      const network = await compileSparse(model)
      const values = samples(2)
      values[size + 100] = bad
      expect(inTfjs(model, values).some((value) => !Number.isFinite(value))).toBe(true)
      expect(() => network.predict(values)).toThrow(
        `Cannot predict: expected finite inputs, got ${bad} at 100 of sample 1`,
      )
    },
  )

  it.each([
    ['dense', () => []],
    ['relu', () => [layers.reLU()]],
    ['leakyReLU', () => [layers.leakyReLU()]],
    ['thresholdedReLU', () => [layers.thresholdedReLU()]],
    ['elu', () => [layers.elu()]],
    ['softmax', () => [layers.softmax()]],
    ['hardSigmoid', () => [layers.activation({ activation: 'hardSigmoid' })]],
    ['gelu', () => [layers.activation({ activation: 'gelu' as never })]],
  ] as const)(
    'a weight that is NaN comes out, as on the cpu backend of tfjs: %s',
    async (name, behind) => {
      const dense = layers.dense({ units: 3, inputShape: [2] })
      const model = sequential({ layers: [dense, ...behind()] })
      const weights = [tf.tensor2d([1, 2, 3, 4, Number.NaN, 6], [2, 3]), tf.zeros([3])]
      dense.setWeights(weights)
      const network = await compileSparse(model)
      for (const count of [1, 16]) {
        const values = new Float32Array(2 * count).fill(1)
        const got = network.predict(values) as Float32Array
        const wanted = tf.tidy(() =>
          (model.predict(tf.tensor(values, [count, 2])) as tf.Tensor).dataSync(),
        )
        const places = Array.from(got, Number.isNaN)
        expect(places.slice(0, 3)).toEqual(
          name === 'softmax' ? [true, true, true] : [false, true, false],
        )
        // The wasm backend cuts NaN to a bound.
        if (tf.getBackend() === 'cpu') expect(places).toEqual(Array.from(wanted, Number.isNaN))
      }
    },
  )
})

it('reads a model whose weights lie on another backend', async () => {
  const here = tf.getBackend()
  const model = built()
  const values = samples(3)
  const wanted = inTfjs(model, values)
  await tf.setBackend(here === 'cpu' ? 'wasm' : 'cpu')
  const network = await compileSparse(model)
  await tf.setBackend(here)
  expect(farthest(network.predict(values) as Float32Array, wanted)).toBeLessThan(1e-5)
})

describe('a host that refuses memory', () => {
  const refuse = () =>
    vi.spyOn(WebAssembly.Memory.prototype, 'grow').mockImplementation(() => {
      throw new RangeError('failed to grow')
    })

  it('is told when a network is compiled; nothing is left, and the next one works', async () => {
    const big = prunedWeights(
      sequential({ layers: [layers.dense({ units: 900, inputShape: [900] })] }),
    )
    const tensors = tf.memory().numTensors
    const refusing = refuse()
    await expect(compileSparse(big)).rejects.toThrow(
      /^Cannot compile a sparse network: expected .* MB of memory .* dispose of networks/,
    )
    refusing.mockRestore()
    expect(tf.memory().numTensors).toBe(tensors)
    const network = await compileSparse(big)
    expect(network.predict(new Float32Array(900)) as Float32Array).toHaveLength(900)
    network.dispose()
  })

  it('is told when 16 samples find none; one by one they still run', async () => {
    const wide = prunedWeights(
      sequential({
        layers: [
          layers.conv2d({ filters: 32, kernelSize: 3, padding: 'same', inputShape: [40, 40, 1] }),
          layers.conv2d({ filters: 1, kernelSize: 1 }),
        ],
      }),
    )
    const network = await compileSparse(wide)
    const values = Float32Array.from(randomValues(16 * 1600, 5))
    const alone = network.predict(values.subarray(0, 1600)) as Float32Array
    const { bytes } = network.stats
    const refusing = refuse()
    expect(() => network.predict(values)).toThrow(/MB of memory/)
    expect(network.stats.bytes).toBe(bytes)
    expect(network.predict(values.subarray(0, 1600))).toEqual(alone)
    refusing.mockRestore()
    expect((network.predict(values) as Float32Array).subarray(0, 1600)).toEqual(alone)
    network.dispose()
  })
})

it('keeps what it has where an update is refused', async () => {
  const model = built()
  const network = await compileSparse(model)
  const values = samples(1)
  const before = network.predict(values)
  const refusing = vi.spyOn(WebAssembly, 'instantiate').mockRejectedValue(new Error('not allowed'))
  await expect(network.update()).rejects.toThrow(/'wasm-unsafe-eval'.*\(not allowed\)/)
  refusing.mockRestore()
  expect(network.predict(values)).toEqual(before)
  await network.update()
  expect(network.predict(values)).toEqual(before)
})

it('disposes of one network and leaves the other', async () => {
  const model = built()
  const [one, other] = [await compileSparse(model), await compileSparse(model)]
  const values = samples(17)
  const wanted = other.predict(values)
  one.dispose()
  expect(() => one.predict(values)).toThrow(
    'Cannot predict: expected a network in use, got one disposed of',
  )
  expect(other.predict(values)).toEqual(wanted)
  other.dispose()
})
