import {
  mul,
  ones,
  randomNormal,
  square,
  sum,
  type Tensor,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { computeMask, wanda } from 'tfjs-prune'
import { describe, expect, it } from 'vitest'
import { fillWeights } from '../support/weights.js'
import { largestError, statisticOf, valuesOf, weightOf } from './support.js'

/** Every pair of a padding and one of the other options. */
function configs(others: readonly object[]): object[] {
  return (['valid', 'same'] as const).flatMap((padding) =>
    others.map((other) => ({ padding, ...other })),
  )
}

/**
 * What wasm, in tfjs 4.22, answers with zeros: 3D transposes, and strides beyond the kernel with
 * padding `same`.
 */
const isBrokenOnWasm = (title: string) =>
  /^conv3dTranspose|^conv2d padding:same,kernelSize:(2,strides:3|\[1,4\],strides:\[2,1\])/.test(
    title,
  )

interface Kind {
  readonly make: (config: never) => layers.Layer
  readonly sides: readonly number[]
  readonly configs: readonly object[]
  readonly role?: string
}

const flat = [
  { kernelSize: 3 },
  { kernelSize: 3, strides: 2 },
  { kernelSize: 2, strides: 3 },
  { kernelSize: [1, 4], strides: [2, 1] },
  { kernelSize: 5, strides: 4 },
]

const kinds: Record<string, Kind> = {
  conv1d: {
    make: layers.conv1d,
    sides: [7, 2],
    configs: configs([
      { kernelSize: 3 },
      { kernelSize: 2, strides: 3 },
      { kernelSize: 3, dilationRate: 2 },
    ]),
  },
  conv2d: {
    make: layers.conv2d,
    sides: [6, 5, 2],
    configs: configs([...flat, { kernelSize: 2, dilationRate: [3, 2] }]),
  },
  conv3d: {
    make: layers.conv3d,
    sides: [4, 3, 5, 2],
    // With padding `same`, tfjs begins within the image where strides leave something out.
    configs: configs([
      { kernelSize: 2, strides: 2 },
      { kernelSize: 3 },
      { kernelSize: 1, strides: 2 },
      { kernelSize: [1, 2, 3], strides: 3 },
    ]),
  },
  // tfjs accepts a dilation of its depthwise layer and computes without it.
  depthwiseConv2d: {
    make: layers.depthwiseConv2d,
    role: 'depthwise_kernel',
    sides: [6, 7, 2],
    configs: configs([
      { kernelSize: 3 },
      { kernelSize: 3, strides: 2 },
      { kernelSize: 3, dilationRate: 2 },
    ]),
  },
  conv2dTranspose: { make: layers.conv2dTranspose, sides: [3, 4, 2], configs: configs(flat) },
  'conv2dTranspose of one pixel': {
    make: layers.conv2dTranspose,
    sides: [1, 1, 2],
    configs: configs(flat),
  },
  conv3dTranspose: {
    make: layers.conv3dTranspose,
    sides: [2, 3, 3, 2],
    configs: configs([
      { kernelSize: 3 },
      { kernelSize: 3, strides: 2 },
      { kernelSize: 2, strides: 3 },
    ]),
  },
}

const cases = Object.entries(kinds).flatMap(([title, { configs: all, ...kind }]) =>
  all.map((config) => ({
    title: `${title} ${JSON.stringify(config).replace(/[{}"]/g, '')}`,
    ...kind,
    config,
  })),
)

describe('inputNorm of convolutions', () => {
  // A layer without bias and activation is linear in its kernel: what it makes of the kernel that
  // is 1 at one element is d output / d element.
  it.each(
    cases.filter(({ title }) => process.env.TFJS_BACKEND !== 'wasm' || !isBrokenOnWasm(title)),
  )(
    'inputNorm of $title is the norm of the outputs for one element alone',
    async ({ make, sides, config, role = 'kernel' }) => {
      const layer = make({
        name: 'own',
        filters: 2,
        useBias: false,
        inputShape: [...sides],
        ...config,
      } as never)
      const model = fillWeights(sequential({ layers: [layer] }))
      const xs = randomNormal([3, ...sides], 0, 1, 'float32', 3)
      const samples = { xs, ys: Int32Array.of(0, 1, 0), batchSize: 2 }
      const { [`own/${role}`]: found } = await statisticOf(model, 'inputNorm', {
        names: [`own/${role}`],
        samples,
      })
      const { variable } = weightOf(model, `own/${role}`)
      const { shape, size } = variable
      const expected = Array.from({ length: size }, (_, i) => {
        const alone = Float32Array.from({ length: size }, (_value, at) => Number(at === i))
        tidy(() => variable.assign(tensor(alone, [...shape]) as typeof variable))
        return Math.sqrt(valuesOf(() => sum(square(model.predict(xs) as Tensor)))[0]!)
      })
      const got = valuesOf(() => mul(tensor(found!.values, found!.shape), ones([...shape])))
      expect(largestError(got, expected)).toBeLessThan(1e-5)
      model.dispose()
    },
  )

  const up = (filters: number) => {
    const layer = layers.conv2dTranspose({
      filters,
      kernelSize: 3,
      padding: 'same',
      inputShape: [4, 4, 4],
    })
    const samples = { xs: randomNormal([2, 4, 4, 4], 0, 1, 'float32', 3), ys: Int32Array.of(0, 1) }
    return {
      model: fillWeights(sequential({ layers: [layer] })),
      options: { density: 0.25, samples },
    }
  }

  it('wanda compares within each output of a transposed convolution', async () => {
    const { model, options } = up(2)
    const { weights } = await computeMask(model, { ...options, criterion: wanda() })
    const kept = [0, 0]
    weights[0]!.values.forEach((value, i) => {
      kept[Math.floor(i / 4) % 2]! += value
    })
    expect(kept).toEqual([9, 9])
  })

  it('wanda compares the whole of a transposed convolution with one output', async () => {
    const { model, options } = up(1)
    const ofOutput = await computeMask(model, { ...options, criterion: wanda() })
    const ofLayer = await computeMask(model, { ...options, criterion: wanda({ compare: 'layer' }) })
    expect(ofOutput.weights).toEqual(ofLayer.weights)
  })
})
