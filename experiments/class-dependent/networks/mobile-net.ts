// MobileNetV2 that was trained on other images (nsfwjs 4.3.0), as the paper starts from ImageNet.
//
// Blocks 1 to 5 are frozen: they run once over all images, and their features are the inputs of the
// model. Blocks 6 to 12 and a new head are trained, and all their kernels are pruned but the
// depthwise ones, which have 9 weights a channel and break first.
import * as tf from '@tensorflow/tfjs-core'
import {
  initializers,
  type LayersModel,
  layers,
  model,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers'
import { loadMobileNetV2 } from '../../../test/real-models/nsfw.js'
import type { Images } from '../sets/images.js'
import { foldedPart, trunkOf } from './folded-part.js'
import type { Network } from './network.js'

const SIDE = 48
const PART = { from: 'block_5_add', to: 'block_12_add' }

let loading: Promise<LayersModel> | undefined
function pretrained(): Promise<LayersModel> {
  loading ??= loadMobileNetV2()
  return loading
}

const features = (trunk: LayersModel, { shape, pixels, labels }: Images): tf.Tensor =>
  tf.tidy(() => {
    const values = Float32Array.from(pixels, (pixel) => pixel / 255)
    const images = tf.tensor4d(values, [labels.length, ...shape])
    const coloured = shape[2] === 3 ? images : tf.tile(images, [1, 1, 1, 3])
    const small = tf.image.resizeBilinear(coloured as tf.Tensor4D, [SIDE, SIDE], false, true)
    return trunk.predict(small, { batchSize: 50 }) as tf.Tensor
  })

/** The pretrained network, from its features at a side of 48 pixels. */
export const mobileNet: Network = {
  build: async (_, seed) => {
    const whole = await pretrained()
    const shape = trunkOf(whole, PART.from, SIDE).outputs[0]!.shape.slice(1) as number[]
    const part = foldedPart(whole, PART, shape)
    const pooled = layers.globalAveragePooling2d({}).apply(part.outputs[0]!)
    const kernelInitializer = initializers.glorotUniform({ seed })
    const head = layers.dense({ name: 'head', units: 2, kernelInitializer })
    return model({ inputs: part.inputs, outputs: head.apply(pooled) as SymbolicTensor })
  },
  prepare: async ({ train, validation, test }) => {
    const trunk = trunkOf(await pretrained(), PART.from, SIDE)
    const samples = (images: Images) => ({ xs: features(trunk, images), ys: images.labels })
    return { train: samples(train), validation: samples(validation), test: samples(test) }
  },
  whole: /depthwise_kernel$/,
  takesImages: false,
}
