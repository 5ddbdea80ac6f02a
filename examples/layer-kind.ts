// A layer class of your own, told to the library by one value: criteria, units, masks and shrink
// know it from then on. Here: a convolution with a learned gain for each filter.
import * as tf from '@tensorflow/tfjs-core'
import {
  initializers,
  type LayersModel,
  type LayerVariable,
  layers,
  sequential,
} from '@tensorflow/tfjs-layers'
import {
  computeMask,
  fpgm,
  type LayerKind,
  registerLayerKind,
  units,
  wanda,
  wholeUnits,
  withMasks,
} from 'tfjs-prune'
import { shrink } from 'tfjs-prune/shrink'
import { layerKindLaws } from 'tfjs-prune/testing'
import { startWasm } from './support/backend.js'

await startWasm()

type Layer = layers.Layer
interface Parts {
  readonly filters: number
  readonly kernel: LayerVariable
  readonly bias: LayerVariable
}
const [Conv2D] = tf.serialization.SerializationMap.getMap().classNameMap.Conv2D!

/** A convolution of stride 1 without padding, times a gain for each filter, plus a bias. */
class GainConv2D extends (Conv2D as unknown as new (args: object) => Layer & Parts) {
  static className = 'GainConv2D'
  #gain: LayerVariable | undefined

  override build(shape: Parameters<Layer['build']>[0]): void {
    super.build(shape)
    this.#gain = this.addWeight('gain', [this.filters], 'float32', initializers.ones())
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const images = [inputs].flat()[0] as tf.Tensor4D
      const found = tf.conv2d(images, this.kernel.read() as tf.Tensor4D, 1, 'valid')
      return tf.relu(tf.add(tf.mul(found, this.#gain!.read()), this.bias.read()))
    })
  }
}
tf.serialization.registerClass(GainConv2D as never)

// #region kind
const kind: LayerKind = {
  className: 'GainConv2D',
  weights: {
    // The last two axes are channels of the input and filters; those in front are the window.
    kernel: { use: 'kernel', axes: ['in', 'out'] },
    gain: { use: 'scale', axes: ['out'] },
    bias: { use: 'shift', axes: ['out'] },
  },
  sizes: { out: 'filters' },
  window: 'gathers',
  called: 'filters',
}
registerLayerKind(kind)
// #endregion

// #region laws
const options = { filters: 4, kernelSize: 3 }
for (const { check } of layerKindLaws)
  await check(() => ({ kind, options, inputShape: [2, 6, 5, 3] }))
// #endregion

const seeded = (seed: number) => ({ kernelInitializer: initializers.heNormal({ seed }) })
const model = sequential({
  layers: [
    new GainConv2D({
      name: 'first',
      filters: 8,
      kernelSize: 3,
      inputShape: [12, 12, 1],
      ...seeded(1),
    }),
    new GainConv2D({ name: 'second', filters: 16, kernelSize: 3, ...seeded(2) }),
    layers.flatten(),
    layers.dense({ name: 'out', units: 2, ...seeded(3) }),
  ],
})
const xs = tf.randomNormal([32, 12, 12, 1], 0, 1, 'float32', 4)
const ys = Int32Array.from({ length: 32 }, (_, i) => i % 2)
const outputsOf = (one: LayersModel) => tf.tidy(() => (one.predict(xs) as tf.Tensor).dataSync())

// #region prune
for (const criterion of [wanda({ compare: 'layer' }), fpgm()]) {
  const mask = await computeMask(model, {
    density: 0.5,
    granularity: units(),
    criterion,
    samples: { xs, ys },
    select: { keepLastLayer: true },
  })
  // The bias of a filter that is gone goes too.
  const whole = wholeUnits(model, mask)
  const masked = withMasks(model, whole)
  const { model: small, parameters, layers: cut } = await shrink(masked)
  for (const { layer, what, before, after } of cut)
    console.log(`${layer}: ${after} of ${before} ${what}`)
  console.log(`${parameters.after} of ${parameters.before} parameters`)

  if (cut.map(({ after }) => after).join() !== '4,8,2') throw new Error('half of the filters stay')
  // Kernel, gain and bias of both convolutions, and the dense layer on 8 x 8 places.
  const parametersWith = (a: number, b: number) =>
    9 * a + 2 * a + 9 * a * b + 2 * b + 64 * b * 2 + 2
  if (parameters.before !== parametersWith(8, 16) || parameters.after !== parametersWith(4, 8))
    throw new Error('kernels, gains and biases are cut')
  const [wanted, got] = [outputsOf(masked), outputsOf(small)]
  const difference = Math.max(...wanted.map((value, i) => Math.abs(value - got[i]!)))
  if (!(difference < 1e-4)) throw new Error(`the outputs differ by ${difference}`)
  for (const one of [masked, small]) one.dispose()
}
// #endregion
