import {
  abs,
  add,
  cast,
  concat,
  equal,
  grad,
  mean,
  mul,
  ones,
  randomNormal,
  reshape,
  sqrt,
  square,
  sum,
  type Tensor,
  tensor1d,
  tidy,
} from '@tensorflow/tfjs-core'
import {
  model as defineModel,
  input,
  type LayersModel,
  layers,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { describe, expect, it } from 'vitest'
import { modelWeights } from '../../src/internal/model-weights.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { fillWeights } from '../support/weights.js'
import { largestError, statisticOf, valuesOf, weightOf } from './support.js'

const onCpu = (process.env.TFJS_BACKEND ?? 'cpu') === 'cpu'

/** Samples that the loss never sees: input statistics need none. */
const samplesOf = (xs: Tensor | Tensor[]) => {
  const count = [xs].flat()[0]!.shape[0]!
  return { xs, ys: Int32Array.from({ length: count }, (_, i) => i % 2), batchSize: 3 }
}

const linear = { activation: 'linear', useBias: false } as const

interface Case {
  readonly title: string
  readonly shape: number[]
  readonly role: string
  readonly build: () => layers.Layer
  /** Outputs share their inputs. */
  readonly products?: boolean
}

const conv2d = (config: object) => () =>
  layers.conv2d({ filters: 3, kernelSize: 3, ...linear, ...config } as Parameters<
    typeof layers.conv2d
  >[0])

const cases: Case[] = [
  {
    title: 'Dense',
    shape: [4],
    role: 'kernel',
    build: () => layers.dense({ units: 3, ...linear }),
    products: true,
  },
  {
    title: 'Dense on sequences',
    shape: [5, 4],
    role: 'kernel',
    build: () => layers.dense({ units: 3, ...linear }),
    products: true,
  },
  {
    title: 'Conv1D, same',
    shape: [7, 2],
    role: 'kernel',
    build: () =>
      layers.conv1d({ filters: 3, kernelSize: 2, padding: 'same', strides: 2, ...linear }),
    products: true,
  },
  { title: 'Conv2D, valid', shape: [6, 5, 2], role: 'kernel', build: conv2d({}), products: true },
  {
    title: 'Conv2D, same with strides',
    shape: [6, 5, 2],
    role: 'kernel',
    build: conv2d({ padding: 'same', strides: 2 }),
    products: true,
  },
  {
    title: 'Conv2D, dilated',
    shape: [8, 7, 2],
    role: 'kernel',
    build: conv2d({ dilationRate: [2, 2], padding: 'same' }),
    products: true,
  },
  {
    title: 'Conv2D with a flat kernel',
    shape: [6, 5, 2],
    role: 'kernel',
    build: conv2d({ kernelSize: [1, 4], strides: [2, 1] }),
    products: true,
  },
  {
    title: 'Conv3D',
    shape: [4, 4, 5, 2],
    role: 'kernel',
    build: () =>
      layers.conv3d({ filters: 2, kernelSize: 2, padding: 'same', strides: 2, ...linear }),
    products: true,
  },
  {
    title: 'DepthwiseConv2D',
    shape: [6, 5, 2],
    role: 'depthwise_kernel',
    build: () =>
      layers.depthwiseConv2d({
        kernelSize: 3,
        depthMultiplier: 2,
        padding: 'same',
        strides: 2,
        ...linear,
      }),
  },
  {
    title: 'Conv2DTranspose',
    shape: [3, 4, 2],
    role: 'kernel',
    build: () => layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, ...linear }),
  },
]

function withLayer(layer: layers.Layer, shape: number[]): LayersModel {
  const x = input({ shape })
  return fillWeights(defineModel({ inputs: x, outputs: layer.apply(x) as SymbolicTensor }))
}

describe('inputNorm', () => {
  // d/dw of the sum of a linear layer's outputs is the sum of the inputs that w is multiplied with:
  // here of their squares.
  it.skipIf(!onCpu).each(cases.filter(({ title }) => title !== 'Conv2D, dilated'))(
    'inputNorm of $title is the norm of what each element meets',
    async ({ shape, role, build }) => {
      const layer = build()
      const model = withLayer(layer, shape)
      const name = `${layer.name}/${role}`
      const xs = randomNormal([5, ...shape], 0, 1, 'float32', 3)
      const { variable } = weightOf(model, name)
      const expected = valuesOf(() =>
        grad((_: Tensor) => sum(model.apply(square(xs)) as Tensor))(variable),
      )
      const found = (
        await statisticOf(model, 'inputNorm', { names: [name], samples: samplesOf(xs) })
      )[name]!
      const got = valuesOf(() =>
        mul(square(reshape(tensor1d(found.values), found.shape)), ones(variable.shape)),
      )
      expect(largestError(got, expected)).toBeLessThan(1e-5)
    },
  )

  it('inputNorm of a bias is that of ones, of an embedding that of counts', async () => {
    if (!onCpu) registerWasmGradients()
    const words = layers.embedding({ inputDim: 4, outputDim: 2, inputLength: 3 })
    const model = fillWeights(
      sequential({ layers: [words, layers.flatten(), layers.dense({ name: 'out', units: 2 })] }),
    )
    const xs = tidy(() => reshape(tensor1d([0, 1, 1, 3, 1, 0], 'int32'), [2, 3]))
    const names = [`${words.name}/embeddings`, 'out/bias']
    const found = await statisticOf(model, 'inputNorm', { names, samples: samplesOf(xs) })
    expect(found[names[0]!]!.shape).toEqual([4, 1])
    const counts = [2, 3, 0, 1].map(Math.sqrt)
    expect(largestError(found[names[0]!]!.values, counts)).toBeLessThan(1e-6)
    expect(found['out/bias']!.values[0]).toBeCloseTo(Math.SQRT2, 6)
  })
})

describe('inputProducts', () => {
  // v^T (sum x x^T) v is the sum of squares of the outputs for the kernel v.
  it.each(cases.filter(({ products }) => products))(
    'inputProducts of $title is the quadratic form of the squared outputs',
    async ({ shape, build }) => {
      const layer = build()
      const model = withLayer(layer, shape)
      const name = `${layer.name}/kernel`
      const xs = randomNormal([5, ...shape], 0, 1, 'float32', 4)
      const { variable } = weightOf(model, name)
      const found = (
        await statisticOf(model, 'inputProducts', { names: [name], samples: samplesOf(xs) })
      )[name]!
      const [units, size] = [variable.shape.at(-1)!, variable.size / variable.shape.at(-1)!]
      expect(found.shape).toEqual([size, size])
      const outputs = tidy(() => {
        const y = model.predict(xs) as Tensor
        return {
          squares: [...sum(reshape(square(y), [-1, units]), 0).dataSync()],
          places: y.size / units,
        }
      })
      const kernel = [...variable.dataSync()]
      const forms = Array.from({ length: units }, (_, unit) => {
        const v = Array.from({ length: size }, (_unused, i) => kernel[i * units + unit]!)
        return v.reduce(
          (total, a, i) =>
            total + v.reduce((row, b, j) => row + a * b * found.values[i * size + j]!, 0),
          0,
        )
      })
      expect(
        largestError(
          forms,
          outputs.squares.map((value) => value / outputs.places),
        ),
      ).toBeLessThan(1e-5)
    },
  )
})

describe('zeroShare', () => {
  it('zeroShare counts the zeros of each unit, behind the activation that belongs to it', async () => {
    const x = input({ shape: [6, 6, 2] })
    const apply = (layer: layers.Layer, to: SymbolicTensor) => layer.apply(to) as SymbolicTensor
    const own = apply(
      layers.conv2d({ name: 'own', filters: 3, kernelSize: 3, activation: 'relu' }),
      x,
    )
    const linearOne = apply(layers.conv2d({ name: 'behind', filters: 4, kernelSize: 3 }), own)
    const norm = layers.batchNormalization()
    const normed = apply(norm, linearOne)
    const activated = apply(layers.reLU(), normed)
    const deep = apply(
      layers.depthwiseConv2d({
        name: 'deep',
        kernelSize: 2,
        depthMultiplier: 2,
        activation: 'relu',
      }),
      activated,
    )
    const model = fillWeights(defineModel({ inputs: x, outputs: [own, activated, deep] }))
    norm.setWeights(norm.getWeights().map((values) => abs(values))) // a variance is none below 0
    const xs = randomNormal([4, 6, 6, 2], 0, 1, 'float32', 5)
    const names = ['own/kernel', 'behind/kernel', 'deep/depthwise_kernel']
    const found = await statisticOf(model, 'zeroShare', {
      names,
      samples: { ...samplesOf(xs), batchSize: 2 },
    })
    const outputs = model.predict(xs) as Tensor[]
    names.forEach((name, i) => {
      const y = outputs[i]!
      expect(y.dataSync().every(Number.isFinite)).toBe(true)
      const units = y.shape.at(-1)!
      const counts = new Array(units).fill(0)
      y.dataSync().forEach((value, place) => {
        counts[place % units] += Number(value === 0)
      })
      expect(
        largestError(
          found[name]!.values,
          counts.map((count) => count / (y.size / units)),
        ),
      ).toBeLessThan(1e-6)
      expect(found[name]!.values.some((share) => share > 0.1)).toBe(true)
    })
    expect(found['deep/depthwise_kernel']!.shape).toEqual([1, 1, 4, 2])
  })
})

describe('zeroShare and units', () => {
  it.each([1, 2])(
    'zeroShare of a layer with an activation in %i wrappers is its own',
    async (depth) => {
      const dense = layers.dense({ units: 4, activation: 'relu', name: 'own' })
      const build = (wrappers: number): layers.Layer =>
        wrappers > 0 ? layers.timeDistributed({ layer: build(wrappers - 1) }) : dense
      const steps = input({ shape: [3, 2, 2] })
      const own = build(depth).apply(steps) as SymbolicTensor
      const outputs = layers.activation({ activation: 'sigmoid' }).apply(own) as SymbolicTensor
      const model = fillWeights(defineModel({ inputs: steps, outputs }))
      const xs = randomNormal([8, 3, 2, 2], 0, 1, 'float32', 2)
      const { name } = modelWeights(model).find(({ role }) => role === 'kernel')!
      const found = await statisticOf(model, 'zeroShare', { names: [name], samples: samplesOf(xs) })
      const shares = valuesOf(() =>
        mean(cast(equal(dense.apply(reshape(xs, [-1, 2])) as Tensor, 0), 'float32'), 0),
      )
      expect(largestError(found[name]!.values, shares)).toBeLessThan(1e-6)
      expect(Math.max(...shares)).toBeGreaterThan(0)
    },
  )

  it('zeroShare weighs batches by their places', async () => {
    const model = fillWeights(
      sequential({
        layers: [layers.dense({ name: 'one', units: 4, activation: 'relu', inputShape: [3] })],
      }),
    )
    const xs = randomNormal([5, 3], 0, 1, 'float32', 7)
    const shares = await Promise.all(
      [1, 2, 4, 5].map((batchSize) =>
        statisticOf(model, 'zeroShare', {
          names: ['one/kernel'],
          samples: { ...samplesOf(xs), batchSize },
        }),
      ),
    )
    const zeros = new Array(4).fill(0)
    ;(model.predict(xs) as Tensor).dataSync().forEach((value, i) => {
      zeros[i % 4] += Number(value === 0)
    })
    for (const share of shares)
      expect(
        largestError(
          share['one/kernel']!.values,
          zeros.map((count) => count / 5),
        ),
      ).toBeLessThan(1e-6)
  })

  it.skipIf(!onCpu)(
    'zeroShare and unitSaliency of a transposed kernel lie along its outputs',
    async () => {
      const layer = layers.conv2dTranspose({
        name: 'up',
        filters: 3,
        kernelSize: 2,
        activation: 'relu',
        inputShape: [3, 3, 3],
      })
      const model = fillWeights(
        sequential({
          layers: [
            layer,
            layers.globalAveragePooling2d({}),
            layers.dense({ name: 'out', units: 2 }),
          ],
        }),
      )
      const samples = samplesOf(randomNormal([4, 3, 3, 3], 0, 1, 'float32', 8))
      const ask = (statistic: 'zeroShare' | 'unitSaliency') =>
        statisticOf(model, statistic, {
          names: ['up/kernel'],
          samples: { ...samples, batchSize: 4 },
        })
      expect((await ask('zeroShare'))['up/kernel']!.shape).toEqual([1, 1, 3, 1])
      const saliency = (await ask('unitSaliency'))['up/kernel']!
      expect(saliency.shape).toEqual([1, 1, 3, 1])
      const gradient = (
        await statisticOf(model, 'gradient', {
          names: ['up/kernel'],
          samples: { ...samples, batchSize: 4 },
        })
      )['up/kernel']!
      const kernel = weightOf(model, 'up/kernel').variable.dataSync()
      const sums = [0, 0, 0]
      gradient.values.forEach((slope, i) => {
        sums[Math.floor(i / 3) % 3]! += slope * kernel[i]!
      })
      expect(
        largestError(
          saliency.values,
          sums.map((value) => value ** 2),
        ),
      ).toBeLessThan(1e-4)
    },
  )
})

describe('statistics of inputs in models that are not a chain', () => {
  it('inputNorm sees shared layers once a call, nested models, residual sums and wrappers', async () => {
    const encoder = sequential({
      name: 'encoder',
      layers: [
        layers.dense({ name: 'wide', units: 6, activation: 'relu', inputShape: [4] }),
        layers.dense({ name: 'narrow', units: 4 }),
      ],
    })
    const left = input({ shape: [4] })
    const right = input({ shape: [4] })
    const twin = layers.dense({ name: 'twin', units: 4, activation: 'relu' })
    const through = [left, right].map(
      (x) => encoder.apply(twin.apply(x) as SymbolicTensor) as SymbolicTensor,
    )
    const residual = layers.add().apply([through[0]!, left]) as SymbolicTensor
    const joined = layers.add().apply([residual, through[1]!]) as SymbolicTensor
    const out = layers.dense({ name: 'out', units: 2 }).apply(joined) as SymbolicTensor
    const model = fillWeights(defineModel({ inputs: [left, right], outputs: out }))
    const xs = [1, 2].map((seed) => randomNormal([5, 4], 0, 1, 'float32', seed))
    const names = ['twin/kernel', 'encoder/wide/kernel', 'encoder/narrow/kernel', 'out/kernel']
    const found = await statisticOf(model, 'inputNorm', { names, samples: samplesOf(xs) })
    const norm = (...parts: Tensor[]) => sqrt(sum(square(concat(parts)), 0))
    const seen = tidy(() => {
      const after = xs.map((x) => twin.apply(x) as Tensor)
      const wide = after.map((x) => encoder.layers[0]!.apply(x) as Tensor)
      const encoded = after.map((x) => encoder.predict(x) as Tensor)
      const sums = add(add(encoded[0]!, xs[0]!), encoded[1]!)
      return [norm(...xs), norm(...after), norm(...wide), norm(sums)].map((value) => [
        ...value.dataSync(),
      ])
    })
    names.forEach((name, i) => {
      expect(found[name]!.shape).toEqual([seen[i]!.length, 1])
      expect(largestError(found[name]!.values, seen[i]!)).toBeLessThan(1e-5)
    })
  })

  it('inputNorm looks into TimeDistributed and Bidirectional', async () => {
    const inner = layers.conv2d({ name: 'inner', filters: 2, kernelSize: 2 })
    const model = fillWeights(
      sequential({
        layers: [
          layers.timeDistributed({ layer: inner, inputShape: [3, 4, 4, 1] } as never),
          layers.reshape({ targetShape: [3, 18] }),
          layers.bidirectional({
            layer: layers.simpleRNN({ units: 2, recurrentInitializer: 'glorotNormal' }) as never,
            mergeMode: 'concat',
          }),
        ],
      }),
    )
    const xs = randomNormal([2, 3, 4, 4, 1], 0, 1, 'float32', 6)
    const all = ['inner/kernel', 'forward', 'backward']
    const names = modelWeights(model)
      .filter(
        ({ role, layer }) =>
          role === 'kernel' && all.some((part) => `${layer}/kernel`.includes(part)),
      )
      .map(({ name }) => name)
    expect(names).toHaveLength(3)
    const found = await statisticOf(model, 'inputNorm', { names, samples: samplesOf(xs) })
    const merged = tidy(() => {
      const flat = reshape(xs, [6, 4, 4, 1])
      const rows = reshape(inner.call(flat, {}) as Tensor, [6, 18])
      return {
        pixels: [...square(flat).dataSync()],
        rows: [...sqrt(sum(square(rows), 0)).dataSync()],
      }
    })
    // The kernel's first place sees the upper left 3 x 3 of each image.
    const corner = merged.pixels.reduce(
      (total, value, i) => total + (i % 4 < 3 && Math.floor(i / 4) % 4 < 3 ? value : 0),
      0,
    )
    expect(found[names[0]!]!.values[0]).toBeCloseTo(Math.sqrt(corner), 4)
    for (const name of names.slice(1))
      expect(largestError(found[name]!.values, merged.rows)).toBeLessThan(1e-5)
  })

  it('inputNorm and the others name the weight whose inputs are not known', async () => {
    const model = fillWeights(
      sequential({
        layers: [
          layers.lstm({
            name: 'memory',
            units: 2,
            inputShape: [3, 2],
            recurrentInitializer: 'glorotNormal',
          }),
        ],
      }),
    )
    const xs = randomNormal([4, 3, 2])
    const before = model.getWeights().map((weight) => [...weight.dataSync()])
    const ask = (statistic: 'inputNorm' | 'inputProducts' | 'zeroShare', name: string) =>
      lateRefusalOf(() => statisticOf(model, statistic, { names: [name], samples: samplesOf(xs) }))
    expect(await ask('inputNorm', 'memory/recurrent_kernel')).toBe(
      'RangeError: Cannot gather inputNorm of memory/recurrent_kernel: expected a layer whose inputs are known, got LSTM: leave it out with the option select',
    )
    expect(await ask('zeroShare', 'memory/kernel')).toMatch(
      /^RangeError: Cannot gather zeroShare of memory\/kernel: expected .+ got 2$/,
    )
    expect(model.getWeights().map((weight) => [...weight.dataSync()])).toEqual(before)
  })

  it('gathering inputs leaves no tensor, also when it fails', async () => {
    const model = fillWeights(
      sequential({ layers: [layers.dense({ name: 'one', units: 3, inputShape: [2] })] }),
    )
    const xs = randomNormal([4, 2])
    const names = ['one/kernel']
    await expect(() =>
      statisticOf(model, 'inputNorm', { names, samples: samplesOf(xs) }),
    ).toLeaveNoTensors()
    await expect(() =>
      statisticOf(model, 'inputProducts', { names, samples: samplesOf(xs) }),
    ).toLeaveNoTensors()
    const wrong = {
      xs,
      ys: [0, 1, 0, 1],
      loss: () => {
        throw new Error('enough')
      },
    }
    await expect(() =>
      statisticOf(model, 'gradient', { names, samples: wrong }).catch(() => undefined),
    ).toLeaveNoTensors()
  })
})
