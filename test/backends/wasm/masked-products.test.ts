import {
  backend,
  conv2d,
  mul,
  setBackend,
  type Tensor,
  type Tensor4D,
  tensor,
} from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { flattened, geometryOf } from '../../../src/backends/wasm/convolution/geometry.js'
import { indexOf, type WasmBackend } from '../../../src/backends/wasm/engine/backend.js'
import { convolveKept } from '../../../src/backends/wasm/masked/convolve-kept.js'
import { filterGradientKept } from '../../../src/backends/wasm/masked/filter-gradient-kept.js'
import { inputGradientKept } from '../../../src/backends/wasm/masked/input-gradient-kept.js'
import { pays } from '../../../src/backends/wasm/masked/pays.js'
import { countDense, maskTensor } from './masked-support.js'
import { distance, noise, on, runKernel, watchHeap } from './support.js'

type Four = [number, number, number, number]

/** Batches of whole and of broken groups, odd channels, strides, paddings, dilations. */
const cases = [
  { x: [1, 7, 6, 3], filter: [3, 3, 3, 5], strides: 1, pad: 'same' },
  { x: [3, 8, 8, 4], filter: [3, 3, 4, 7], strides: 2, pad: 'same' },
  { x: [32, 5, 5, 2], filter: [3, 3, 2, 9], strides: 1, pad: 'valid' },
  { x: [33, 4, 6, 3], filter: [2, 3, 3, 6], strides: [2, 3], pad: 'same' },
  { x: [17, 5, 4, 1], filter: [1, 1, 1, 1], strides: 1, pad: 'same' },
  { x: [16, 9, 9, 5], filter: [5, 4, 5, 3], strides: 3, pad: 2 },
  { x: [48, 3, 3, 6], filter: [1, 1, 6, 10], strides: 2, pad: 'valid' },
  {
    x: [2, 6, 7, 3],
    filter: [2, 2, 3, 4],
    strides: 1,
    pad: [
      [0, 0],
      [1, 2],
      [0, 3],
      [0, 0],
    ],
  },
  { x: [64, 1, 1, 37], filter: [1, 1, 37, 11], strides: 1, pad: 'valid' },
  { x: [5, 7, 7, 2], filter: [1, 1, 2, 3], strides: 3, pad: 'valid' },
] as const
const densities = [0, 0.15, 0.6, 1]

const expected = (compute: () => Tensor) => on('cpu', compute)
const actual = (tensor: Tensor) => ({ shapes: [tensor.shape], values: [...tensor.dataSync()] })

describe.skipIf(process.env.TFJS_BACKEND !== 'wasm')('products without pruned weights', () => {
  beforeAll(countDense)

  it.each(cases.flatMap((each) => densities.map((density) => ({ ...each, density }))))(
    'equal those of the cpu backend: $x $filter, strides $strides, pad $pad, density $density',
    async ({ x: input, filter: shape, strides, pad, density }) => {
      const attrs = { strides, pad, dilations: 1, dataFormat: 'NHWC' } as never
      const options = { kernel: 'Conv2D', input: [...input], filter: [...shape] }
      const geometry = flattened(geometryOf(attrs, options))
      const { outShape } = geometryOf(attrs, options)
      const mask = maskTensor([...shape], density, 3)
      const x = noise([...input], 1)
      const filter = mul(noise([...shape], 2), mask)
      const dy = noise(outShape, 4)
      const [y, dx, dw] = [outShape, [...input], [...shape]].map((size) => noise(size, 9))
      const wasm = backend() as WasmBackend
      const work = { backend: wasm, geometry, mask }
      const at = (tensor: Tensor) => indexOf(wasm, tensor)
      const left = watchHeap()
      convolveKept(work, { x: at(x), filter: at(filter), y: at(y!) })
      inputGradientKept(work, { x: at(dx!), filter: at(filter), y: at(dy) })
      filterGradientKept(work, { x: at(x), filter: at(dw!), y: at(dy) })
      expect(left()).toBe(0)
      const forward = await expected(() =>
        conv2d(x as Tensor4D, filter as Tensor4D, strides as number, pad as 'same'),
      )
      const toInput = await expected(() =>
        runKernel(
          'Conv2DBackpropInput',
          { dy, filter },
          { ...(attrs as object), inputShape: input },
        ),
      )
      const toFilter = await expected(() =>
        mul(
          runKernel(
            'Conv2DBackpropFilter',
            { x, dy },
            { ...(attrs as object), filterShape: shape },
          ),
          mask,
        ),
      )
      expect(distance(forward, actual(y!))).toBeLessThan(1e-5)
      expect(distance(toInput, actual(dx!))).toBeLessThan(1e-5)
      expect(distance(toFilter, actual(dw!))).toBeLessThan(2e-5)
      await setBackend('wasm')
    },
  )

  it('a dilated convolution reads the pixels that its taps meet', async () => {
    const x = noise([4, 9, 8, 3]) as Tensor4D
    const mask = maskTensor([3, 2, 3, 5], 0.4, 1)
    const filter = mul(noise([3, 2, 3, 5], 2), mask) as Tensor4D
    const attrs = { strides: 1, pad: 'same', dilations: [2, 3], dataFormat: 'NHWC' } as never
    const geometry = geometryOf(attrs, { kernel: 'Conv2D', input: x.shape, filter: filter.shape })
    const y = noise(geometry.outShape)
    const wasm = backend() as WasmBackend
    convolveKept(
      { backend: wasm, geometry, mask },
      {
        x: indexOf(wasm, x),
        filter: indexOf(wasm, filter),
        y: indexOf(wasm, y),
      },
    )
    const dilated = await expected(() => conv2d(x, filter, 1, 'same', 'NHWC', [2, 3]))
    expect(distance(dilated, actual(y))).toBeLessThan(1e-5)
  })

  it('adds 1 * 2 + 3 * 4 by hand, and the bias', () => {
    const wasm = backend() as WasmBackend
    const [x, filter, bias, y] = [[1, 5, 3], [2, 0, 4], [0.5], [9]].map((v) => tensor(v))
    const mask = tensor(Uint8Array.of(1, 0, 1), [3], 'bool')
    const input = [1, 1, 1, 3]
    const attrs = { strides: 1, pad: 'valid' } as never
    const geometry = geometryOf(attrs, { kernel: 'Conv2D', input, filter: [1, 1, 3, 1] })
    const at = (tensor?: Tensor) => indexOf(wasm, tensor!)
    const places = { x: at(x), filter: at(filter), y: at(y), bias: at(bias) }
    convolveKept({ backend: wasm, geometry, mask }, places)
    expect(y!.dataSync()[0]).toBe(14.5)
  })
})

describe('the rule of the products that pay', () => {
  const conv = (input: Four, filter: Four) =>
    geometryOf({ strides: 1, pad: 'same' } as never, { kernel: 'Conv2D', input, filter })
  it.each([
    [conv([32, 16, 16, 64], [3, 3, 64, 128]), 0.0625, true],
    [conv([32, 16, 16, 64], [3, 3, 64, 128]), 1, false],
    [conv([32, 1, 1, 64], [1, 1, 64, 2]), 0.0625, false],
    [conv([1, 1, 1, 784], [1, 1, 784, 300]), 0.0625, false],
    [conv([32, 512, 512, 64], [3, 3, 64, 64]), 0.01, false], // 4 GB of room
  ])('is that of the measured table', (geometry, density, expected) => {
    const { filterHeight, filterWidth, inChannels, outChannels } = geometry
    const size = filterHeight * filterWidth * inChannels * outChannels
    expect(pays(geometry, size * density)).toBe(expected)
  })
})
