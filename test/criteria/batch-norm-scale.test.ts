import {
  model as defineModel,
  input,
  layers,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers'
import { describe, expect, it } from 'vitest'
import { batchNormScale } from '../../src/criteria/batch-norm-scale.js'
import { units } from '../../src/granularity/units.js'
import { computeMask } from '../../src/step/compute-mask.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { fillWeights, weightsByName } from '../support/weights.js'

/**
 * A nested model of a convolution and a depthwise one, each with its normalisation, behind an
 * input.
 */
function normed() {
  const block = sequential({
    name: 'block',
    layers: [
      layers.conv2d({
        name: 'conv',
        filters: 4,
        kernelSize: 3,
        useBias: false,
        inputShape: [6, 6, 2],
      }),
      layers.batchNormalization({ name: 'first' }),
      layers.depthwiseConv2d({ name: 'deep', kernelSize: 2, depthMultiplier: 2 }),
      layers.batchNormalization({ name: 'second' }),
    ],
  })
  const x = input({ shape: [6, 6, 2] })
  const flat = layers.flatten().apply(block.apply(x)) as SymbolicTensor
  return fillWeights(
    defineModel({
      inputs: x,
      outputs: layers.dense({ name: 'out', units: 2 }).apply(flat) as SymbolicTensor,
    }),
  )
}

describe('batchNormScale', () => {
  it('batchNormScale keeps the units with the largest scales, in nested models and of depthwise kernels too', async () => {
    const model = normed()
    const gammas = weightsByName(model)
    const select = { include: /block/ }
    const mask = await computeMask(model, {
      density: 0.5,
      criterion: batchNormScale(),
      granularity: units(),
      select,
    })
    for (const [kernel, norm] of [
      ['block/conv/kernel', 'block/first/gamma'],
      ['block/deep/depthwise_kernel', 'block/second/gamma'],
    ] as const) {
      const gamma = [...gammas[norm]!].map(Math.abs)
      const least = gamma.toSorted((a, b) => b - a)[gamma.length / 2 - 1]!
      const { values } = mask.weights.find(({ name }) => name === kernel)!
      values.forEach((value, i) => {
        expect(value).toBe(Number(gamma[i % gamma.length]! >= least))
      })
    }
    expect(mask.weights).toHaveLength(2)
  })

  it('batchNormScale names the weight that has no batch normalisation behind it', async () => {
    const refusal = await lateRefusalOf(() =>
      computeMask(normed(), { density: 0.5, criterion: batchNormScale() }),
    )
    expect(refusal).toBe(
      'RangeError: Cannot gather batchNormScale of out/kernel: expected a batch normalisation with a scale right behind its layer, got none: leave it out with the option select',
    )
  })

  it('batchNormScale leaves no tensor', async () => {
    const model = normed()
    const options = { density: 0.5, criterion: batchNormScale(), select: { include: /block/ } }
    await expect(() => computeMask(model, options)).toLeaveNoTensors()
  })
})

it.each([
  ['channelsLast', 1, false],
  ['channelsLast', -1, true],
  ['channelsFirst', 1, true],
  ['channelsFirst', -1, false],
] as const)(
  'batchNormScale of a %s convolution takes a norm over axis %j: %s',
  async (dataFormat, axis, taken) => {
    const model = fillWeights(
      sequential({
        layers: [
          // Three filters, rows and columns: the sizes alone do not tell the axis.
          layers.conv2d({
            name: 'conv',
            filters: 3,
            kernelSize: 2,
            dataFormat,
            inputShape: [4, 4, 4],
          }),
          layers.batchNormalization({ axis }),
          layers.flatten(),
          layers.dense({ units: 2 }),
        ],
      }),
    )
    const options = { density: 0.5, criterion: batchNormScale(), select: { include: 'conv' } }
    const refused = 'expected a batch normalisation with a scale right behind its layer, got none'
    const said = await lateRefusalOf(() => computeMask(model, { ...options, granularity: units() }))
    if (taken) expect(said).toBe('no error')
    else expect(said).toContain(refused)
    model.dispose()
  },
)
