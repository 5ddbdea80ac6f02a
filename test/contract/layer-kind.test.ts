import { memory, serialization } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { layerKind } from '../../src/layer-kinds/find-layer-kind.js'
import type { LayerKind } from '../../src/layer-kinds/layer-kind.js'
import { passing } from '../../src/layer-kinds/passing.js'
import { stockKinds } from '../../src/layer-kinds/stock-kinds.js'
import type { KindExample } from '../../src/testing/kind-example.js'
import { layerKindLaws } from '../../src/testing/layer-kind-laws.js'
import { GainConv2D, gainConv2D } from '../support/gain-conv2d.js'
import { brokenLaws } from './laws.js'
import { layerKindConformance } from './layer-kind.js'

type Try = readonly [options: object, shape: readonly number[], inputs?: number]

// The default of tfjs would warn about its own orthogonal initializer.
const recurrent = { units: 4, recurrentInitializer: 'glorotNormal' }
const images = [2, 6, 5, 3]
const convLSTM = { filters: 4, kernelSize: 2, recurrentInitializer: 'glorotNormal' }
const movies = [2, 3, 4, 4, 3]
const volumes = [2, 4, 4, 4, 3]

const tries: Readonly<Record<string, readonly Try[]>> = {
  Dense: [
    [{ units: 4 }, [2, 5, 3]],
    [{ units: 4, useBias: false }, [2, 3]],
  ],
  Conv1D: [[{ filters: 4, kernelSize: 3, padding: 'same' }, [2, 6, 3]]],
  Conv2D: [[{ filters: 4, kernelSize: 3, strides: 2 }, images]],
  Conv3D: [[{ filters: 4, kernelSize: 2 }, volumes]],
  Conv2DTranspose: [[{ filters: 4, kernelSize: 3, strides: 2 }, images]],
  Conv3DTranspose: [[{ filters: 4, kernelSize: 2, strides: 1 }, volumes]],
  DepthwiseConv2D: [[{ kernelSize: 3, depthMultiplier: 2 }, images]],
  SeparableConv2D: [[{ filters: 4, kernelSize: 3, depthMultiplier: 2 }, images]],
  SimpleRNN: [[{ ...recurrent, returnSequences: true }, [2, 5, 3]]],
  GRU: [[{ ...recurrent, returnSequences: true }, [2, 5, 3]]],
  LSTM: [
    [recurrent, [2, 5, 3]],
    [{ ...recurrent, useBias: false }, [2, 5, 3]],
  ],
  ConvLSTM2D: [[{ ...convLSTM, returnSequences: true }, movies]],
  Embedding: [[{ inputDim: 7, outputDim: 4 }, [2, 5]]],
  BatchNormalization: [
    [{}, [2, 5, 3]],
    [{ scale: false }, images],
    [{ center: false }, [2, 3]],
  ],
  LayerNormalization: [[{}, [2, 5, 3]]],
  PReLU: [
    [{}, [2, 5, 3]],
    [{ sharedAxes: [1] }, [2, 5, 3]],
  ],
  ReLU: [[{}, images]],
  LeakyReLU: [[{}, images]],
  ELU: [[{}, images]],
  ThresholdedReLU: [[{}, images]],
  Activation: [
    [{ activation: 'tanh' }, images],
    [{ activation: 'softmax' }, images],
  ],
  Softmax: [[{ axis: -1 }, images]],
  Dropout: [[{ rate: 0.5 }, images]],
  SpatialDropout1D: [[{ rate: 0.5 }, [2, 5, 3]]],
  GaussianNoise: [[{ stddev: 1 }, images]],
  GaussianDropout: [[{ rate: 0.5 }, images]],
  AlphaDropout: [[{ rate: 0.5 }, images]],
  MaxPooling1D: [[{}, [2, 5, 3]]],
  MaxPooling2D: [[{}, images]],
  MaxPooling3D: [[{}, volumes]],
  AveragePooling1D: [[{}, [2, 5, 3]]],
  AveragePooling2D: [[{}, images]],
  AveragePooling3D: [[{}, volumes]],
  GlobalMaxPooling1D: [[{}, [2, 5, 3]]],
  GlobalMaxPooling2D: [[{}, images]],
  GlobalAveragePooling1D: [[{}, [2, 5, 3]]],
  GlobalAveragePooling2D: [[{}, images]],
  ZeroPadding2D: [[{}, images]],
  Cropping2D: [[{ cropping: [1, 1] }, images]],
  UpSampling2D: [[{}, images]],
  RepeatVector: [[{ n: 4 }, [2, 3]]],
  Add: [[{}, [2, 3], 2]],
  Average: [[{}, [2, 3], 2]],
  Multiply: [[{}, [2, 3], 2]],
  Maximum: [[{}, [2, 3], 2]],
  Minimum: [[{}, [2, 3], 2]],
  Flatten: [[{}, images]],
  Concatenate: [[{ axis: -1 }, [2, 5, 3], 2]],
  Permute: [
    [{ dims: [2, 1, 3] }, images],
    [{ dims: [3, 2, 1] }, images],
  ],
}

const exampleOf = (kind: LayerKind, [options, inputShape, inputs = 1]: Try): KindExample => {
  return { kind, options: options as KindExample['options'], inputShape, inputs }
}

for (const [className, all] of Object.entries(tries)) {
  // tfjs computes transposed convolutions of volumes wrongly on wasm.
  if (className === 'Conv3DTranspose' && process.env.TFJS_BACKEND === 'wasm') continue
  for (const one of all) {
    const name = `${className} ${JSON.stringify(one[0])}`
    layerKindConformance(name, () => exampleOf(layerKind(className)!, one))
  }
}

test('layer kinds of all stock classes are tried, but for Reshape, whose option has the channels', () => {
  const known = [...stockKinds, ...passing].map(({ className }) => className)
  expect(known.filter((className) => !tries[className])).toEqual(['Reshape'])
  expect(Object.keys(tries).filter((className) => !known.includes(className))).toEqual([])
})

// A user's own.
serialization.registerClass(GainConv2D as never)
layerKindConformance('a layer kind of a user', () =>
  exampleOf(gainConv2D, [{ filters: 4, kernelSize: 3 }, images]),
)

test('layerKindLaws leave no tensors behind', async () => {
  const { numTensors } = memory()
  const example = exampleOf(gainConv2D, [{ filters: 4, kernelSize: 3 }, images])
  for (const { check } of layerKindLaws) await check(() => example)
  expect(memory().numTensors).toBe(numTensors)
})

const NAMES = 'names the weights of its layers, each if the options ask for it'
const SIDES = 'tells the dimensions of each axis: their sizes multiply to its side'
const UNIT =
  'computes the other units without one of them, which is at rest if the layer is recurrent'
const INPUT = 'computes the same without an input that is 0'
const MOVES = 'moves an output by the input of a weight that moves, and no output of other units'

const { window: _, ...flat } = layerKind('Conv2D')!
const kernel = flat.weights.kernel!
const bias = flat.weights.bias!
const of = (className: string, wrong: Partial<LayerKind>): LayerKind => {
  return { ...layerKind(className)!, ...wrong }
}
const lstm = layerKind('LSTM')!
const separable = layerKind('SeparableConv2D')!
const norm = layerKind('BatchNormalization')!

const wrong: Record<string, [law: string, kind: LayerKind]> = {
  'names no weights': [NAMES, of('Conv2D', { weights: {} })],
  'forgets the bias': [NAMES, of('Conv2D', { weights: { kernel } })],
  'names a weight that the layer lacks': [
    NAMES,
    of('Conv2D', { weights: { kernel, gain: { use: 'scale', axes: ['out'] }, bias } }),
  ],
  'reads inputs on the axis of outputs': [
    SIDES,
    of('Conv2D', { weights: { kernel: { use: 'kernel', axes: ['out', 'in'] }, bias } }),
  ],
  'counts units by another option': [SIDES, of('Conv2D', { sizes: { out: 'strides' } })],
  'has no window': [SIDES, flat],
  'spreads where it gathers': [SIDES, of('Conv2D', { window: 'spreads' })],
  'has no gates': [SIDES, of('LSTM', { gates: ['one'] })],
  'passes on channels that it makes': [SIDES, of('Conv2D', { outputs: ['in'] })],
  'counts no units': [UNIT, of('Conv2D', { sizes: {} })],
  'takes the units of a step before for inputs': [
    SIDES,
    of('LSTM', {
      weights: {
        ...lstm.weights,
        recurrent_kernel: { use: 'kernel', axes: ['in', ['gate', 'out']] },
      },
    }),
  ],
  'has gates within units': [
    UNIT,
    of('LSTM', {
      weights: {
        kernel: { use: 'kernel', axes: ['in', ['out', 'gate']] },
        recurrent_kernel: { use: 'kernel', axes: ['state', ['out', 'gate']] },
        bias: { use: 'shift', axes: [['out', 'gate']], option: 'useBias' },
      },
    }),
  ],
  'has inputs within multiples': [
    INPUT,
    of('SeparableConv2D', {
      weights: {
        ...separable.weights,
        pointwise_kernel: { use: 'kernel', axes: [['multiple', 'in'], 'out'] },
      },
    }),
  ],
  'looks at all channels, and does not say so': [
    INPUT,
    of('LayerNormalization', { closed: () => undefined }),
  ],
  'takes a scale for a kernel': [
    MOVES,
    of('BatchNormalization', {
      weights: { ...norm.weights, beta: { use: 'kernel', axes: ['in'], option: 'center' } },
    }),
  ],
  'takes a kernel for the one that makes the outputs': [
    MOVES,
    of('SeparableConv2D', {
      weights: {
        ...separable.weights,
        depthwise_kernel: { use: 'kernel', axes: ['in', 'out'] },
      },
    }),
  ],
}

const optionsOf: Readonly<Record<string, Try>> = {
  Conv2D: [{ filters: 4, kernelSize: 3, strides: 2 }, images],
  SeparableConv2D: [{ filters: 4, kernelSize: 3, depthMultiplier: 4 }, images],
}

test.each(Object.keys(wrong))('layerKindConformance turns down a kind that %s', async (words) => {
  const [law, kind] = wrong[words]!
  const one = optionsOf[kind.className] ?? tries[kind.className]![0]!
  expect(await brokenLaws(layerKindLaws, () => exampleOf(kind, one))).toContain(law)
})
