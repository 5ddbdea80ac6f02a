import {
  add,
  batchNorm,
  getGradient,
  grad,
  grads,
  mean,
  memory,
  moments,
  mul,
  ones,
  square,
  sum,
  type Tensor,
  type Tensor1D,
  tensor,
  tidy,
  tile,
} from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import { noise, on, runKernel, wasmFromCpu, watchHeap } from './support.js'

const shapes = [
  [7, 5],
  [6, 4, 3],
  [3, 4, 5, 8],
  [2, 3, 3, 17],
  [9, 1],
  [300, 6],
]
const positive = (shape: number[], seed: number) => add(square(noise(shape, seed)), 0.1)

/** The batch norm of values that lie far from 0, and its gradients by hand, channel by channel. */
function byHand(
  { x, dy, scale, offset }: Record<'x' | 'dy' | 'scale' | 'offset', ArrayLike<number>>,
  epsilon: number,
) {
  const channels = scale.length
  const [out, dx] = [new Array<number>(x.length), new Array<number>(x.length)]
  const [dScale, dOffset] = [new Array<number>(channels), new Array<number>(channels)]
  for (let channel = 0; channel < channels; channel++) {
    const places = Array.from({ length: x.length / channels }, (_, row) => row * channels + channel)
    const meanOf = (value: (place: number) => number) =>
      places.reduce((total, place) => total + value(place), 0) / places.length
    const centre = meanOf((place) => x[place]!)
    const spread = Math.sqrt(meanOf((place) => (x[place]! - centre) ** 2) + epsilon)
    const normed = (place: number) => (x[place]! - centre) / spread
    const slope = meanOf((place) => dy[place]!)
    const tilt = meanOf((place) => dy[place]! * normed(place))
    for (const place of places) {
      out[place] = normed(place) * scale[channel]! + offset[channel]!
      dx[place] = (scale[channel]! / spread) * (dy[place]! - slope - normed(place) * tilt)
    }
    dScale[channel] = tilt * places.length
    dOffset[channel] = slope * places.length
  }
  return { out, dx, dScale, dOffset }
}

describe.runIf(process.env.TFJS_BACKEND === 'wasm')('batch norm on wasm', () => {
  beforeAll(() => void registerWasmGradients())

  it.each([
    [60, 5],
    [600, 21],
  ])('%i rows of %i channels train as worked out by hand', (rows, channels) => {
    const epsilon = 1e-3
    const [x, dy] = [add(noise([rows, channels]), 2), noise([rows, channels], 2)]
    const [scale, offset] = [positive([channels], 3) as Tensor1D, noise([channels], 4) as Tensor1D]
    const normed = (x: Tensor, scale: Tensor, offset: Tensor) => {
      const { mean, variance } = moments(x, [0])
      const [m, v] = [mean as Tensor1D, variance as Tensor1D]
      return batchNorm(x, m, v, offset as Tensor1D, scale as Tensor1D, epsilon)
    }
    const wanted = byHand(
      { x: x.dataSync(), dy: dy.dataSync(), scale: scale.dataSync(), offset: offset.dataSync() },
      epsilon,
    )
    const [dx, dScale, dOffset] = grads(normed)([x, scale, offset], dy)
    const got = { out: normed(x, scale, offset), dx, dScale, dOffset }
    for (const name of ['out', 'dx', 'dScale', 'dOffset'] as const) {
      const apart = [...got[name]!.dataSync()].map((value, i) => Math.abs(value - wanted[name][i]!))
      const size = Math.max(...wanted[name].map(Math.abs))
      expect(Math.max(...apart) / size).toBeLessThan(2e-6)
    }
  })

  for (const shape of shapes) {
    it(`[${shape}] gives all values and gradients of cpu`, async () => {
      const channels = [shape.at(-1)!]
      const parameters = () => [
        noise(channels, 2),
        positive(channels, 3),
        noise(channels, 4),
        noise(channels, 5),
      ]
      const run = (x: Tensor, ...given: Tensor[]) => {
        const [m, v, scale, offset] = given as Tensor1D[]
        return batchNorm(x, m!, v!, offset, scale)
      }
      const compute = () => [
        run(noise(shape), ...parameters()),
        run(noise(shape), ...parameters().slice(0, 2)),
        run(noise(shape), ...parameters().slice(0, 3)),
        ...grads(run)([noise(shape), ...parameters()], noise(shape, 6)),
      ]
      expect(await wasmFromCpu(compute)).toBeLessThan(2e-6)
    })
  }

  it('a gradient of a gradient is that of cpu', async () => {
    const [m, v] = [() => noise([3], 2) as Tensor1D, () => positive([3], 3) as Tensor1D]
    const normed = (x: Tensor, mean: Tensor1D) => batchNorm(x, mean, v(), m(), v())
    const cost = (x: Tensor) => sum(square(normed(x, moments(x, [0, 1, 2]).mean as Tensor1D)))
    const twice = () =>
      grad((x: Tensor) => sum(mul(square(grad(cost)(x)), m())))(noise([2, 2, 2, 3]))
    expect(await wasmFromCpu(twice)).toBeLessThan(1e-5)
  })

  it('parameters of another shape than a channel each are left to the stock kernel', async () => {
    const run = (x: Tensor) =>
      batchNorm(
        x,
        noise([2, 3, 4], 2),
        positive([2, 3, 4], 3),
        noise([2, 3, 4], 5),
        noise([2, 3, 4], 4),
      )
    const compute = () => [run(noise([2, 3, 4])), grad(run)(noise([2, 3, 4]), noise([2, 3, 4], 6))]
    expect(await wasmFromCpu(compute)).toBeLessThan(2e-6)
  })

  it('a variance of NaN, a mean of infinity and an epsilon of 0 give the values of cpu', async () => {
    const compute = () =>
      batchNorm(
        noise([4, 3]),
        tensor([0, Number.POSITIVE_INFINITY, 0]) as Tensor1D,
        tensor([Number.NaN, 1, 0]) as Tensor1D,
        undefined,
        undefined,
        0,
      )
    const [wasm, cpu] = [await on('wasm', compute), await on('cpu', compute)]
    expect(wasm).toEqual(cpu)
  })

  it('on other backends the gradient is the stock one, bit by bit', async () => {
    const compute = () =>
      grad((x: Tensor) =>
        batchNorm(x, noise([3], 2) as Tensor1D, positive([3], 3) as Tensor1D, ones([3]), ones([3])),
      )(noise([4, 3]), noise([4, 3], 4))
    const inverse = [...positive([3], 3).dataSync()].map((v) =>
      Math.fround(1 / Math.sqrt(v + 1e-3)),
    )
    const { values } = await on('cpu', compute)
    const dy = noise([4, 3], 4).dataSync()
    expect(
      values.map((value, i) => Math.abs(value - dy[i]! * inverse[i % 3]!) < 1e-6),
    ).not.toContain(false)
    const before = getGradient('FusedBatchNorm')
    registerWasmGradients()
    expect(getGradient('FusedBatchNorm')).toBe(before)
  })

  it('Mean over axes side by side gives the values of cpu', async () => {
    for (const [shape, axes] of [
      [[300, 5], [0]],
      [
        [3, 4, 5, 6],
        [1, 2],
      ],
      [[3, 4, 5, 6], [1]],
      [
        [3, 4, 5, 6],
        [0, 2],
      ],
      [[3, 4, 5, 6], [3]],
      [[2, 3, 300, 3], [2]],
    ] as const) {
      for (const keepDims of [true, false]) {
        const compute = () => [
          mean(noise([...shape]), [...axes], keepDims),
          sum(noise([...shape]), [...axes], keepDims),
          grad((x: Tensor) => mean(x, [...axes], keepDims))(noise([...shape])),
        ]
        expect(await wasmFromCpu(compute)).toBeLessThan(2e-6)
      }
    }
    const whole = runKernel(
      'Mean',
      { x: tensor([1, 2, 4, 4], [2, 2], 'int32') },
      { axis: [0], keepDims: false },
    )
    expect([...whole.dataSync()]).toEqual([2.5, 3])
  })

  it('Mean and Tile give the gradients of cpu, twice over, and keep NaN and infinity', async () => {
    for (const [shape, axes] of [
      [[4, 3], [0]],
      [
        [2, 3, 2, 3],
        [0, 1, 2],
      ],
      [
        [2, 3, 2, 2, 3],
        [1, 3],
      ],
      [[5], [0]],
    ] as const) {
      const x = () => noise([...shape], 3)
      const cost = (x: Tensor) => sum(square(mean(square(x), [...axes])))
      const twice = () => grad((x: Tensor) => sum(square(grad(cost)(x))))(x())
      expect(await wasmFromCpu(() => [grad(cost)(x()), twice()])).toBeLessThan(2e-6)
    }
    const repeat = (times: number[]) => () =>
      grad((x: Tensor) => tile(x, times))(noise([2, 1, 3]), noise([2 * times[0]!, times[1]!, 3]))
    expect(await wasmFromCpu(repeat([1, 4, 1]))).toBeLessThan(2e-6)
    expect(await wasmFromCpu(repeat([3, 2, 1]))).toBeLessThan(2e-6)
    expect(await wasmFromCpu(repeat([1, 1, 1]))).toBe(0)
    const odd = () => {
      const dy = tensor([Number.NaN, Number.POSITIVE_INFINITY, 3])
      return [
        grad((x: Tensor) => mean(x, [0]))(noise([4, 3]), dy),
        grad((x: Tensor) => mean(x, [0]))(tensor([], [0, 3]), dy),
      ]
    }
    expect(await on('wasm', odd)).toEqual(await on('cpu', odd))
  })

  it('Square gives the gradient of cpu bit by bit, and that of it', async () => {
    const x = () => tensor([Number.NaN, Number.POSITIVE_INFINITY, 3e38, -0, 0.1, -7, 2 ** -149])
    const dy = () => tensor([1, 2, 3, 4, 1e-3, Number.NaN, 0.5])
    const compute = () => [grad((x: Tensor) => square(x))(x(), dy()), grad(square)(noise([2, 3]))]
    expect(await on('wasm', compute)).toEqual(await on('cpu', compute))
    const [a, b] = [noise([3, 5], 2), noise([3, 5], 3)]
    const both = grads((x: Tensor, dy: Tensor) => grad((x: Tensor) => square(x))(x, dy))([a, b])
    for (const [i, other] of [b, a].entries())
      expect([...both[i]!.dataSync()]).toEqual([...mul(other, 2).dataSync()])
  })

  it('other types and empty tensors have the gradient of Square that was there', async () => {
    const compute = () => [
      grad((x: Tensor) => square(x))(tensor([-1, 3], [2], 'int32'), tensor([5, 7])),
      grad((x: Tensor) => square(x))(tensor([], [0, 3])),
    ]
    expect(await on('wasm', compute)).toEqual(await on('cpu', compute))
  })

  it('the sums of a gradient have gradients themselves', async () => {
    const [x, mean, weight] = [() => noise([300, 7]), () => noise([7], 2), () => noise([7], 3)]
    const slopes = (dy: Tensor, x: Tensor, mean: Tensor) =>
      grad((scale: Tensor) =>
        batchNorm(
          x,
          mean as Tensor1D,
          positive([7], 4) as Tensor1D,
          weight() as Tensor1D,
          scale as Tensor1D,
        ),
      )(positive([7], 5), dy)
    const compute = () =>
      grads((dy: Tensor, x: Tensor, mean: Tensor) => sum(mul(slopes(dy, x, mean), weight())))([
        noise([300, 7], 6),
        ...[x(), mean()],
      ])
    expect(await wasmFromCpu(compute)).toBeLessThan(2e-6)
  })

  it('a step leaves nothing on the heap', () => {
    const model = sequential({
      layers: [
        layers.conv2d({ filters: 6, kernelSize: 3, inputShape: [8, 8, 3], useBias: false }),
        layers.batchNormalization(),
        layers.activation({ activation: 'relu6' }),
        layers.globalAveragePooling2d({}),
      ],
    })
    const x = noise([4, 8, 8, 3])
    const step = () =>
      tidy(() => grad((x: Tensor) => model.apply(x, { training: true }) as Tensor)(x).dataSync())
    step()
    const held = watchHeap()
    const before = memory().numTensors
    for (let i = 0; i < 3; i++) step()
    expect(memory().numTensors).toBe(before)
    expect(held()).toBeLessThanOrEqual(4) // the moving statistics, each written anew
  })
})
