// Networks of nsfwjs, pruned by units and shrunk, as ONNX files: parameters, bytes, seconds beside
// tfjs in turns, and the largest difference.
import * as tf from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import * as ort from 'onnxruntime-web'
import { applyMask, computeMask, type Mask, units, wholeUnits } from 'tfjs-prune'
import { toOnnx } from 'tfjs-prune/onnx'
import { shrink } from 'tfjs-prune/shrink'
import { startWasm } from '../examples/support/backend.js'
import { loadNsfw } from '../test/real-models/nsfw.js'
import { mediansInTurns, report } from './support/measure.js'

interface Subject {
  readonly network: string
  readonly pruned: string
  readonly model: LayersModel
  readonly mask?: Mask
}

/** One network in both runtimes, a thread each. */
async function measure({ model, mask, ...names }: Subject): Promise<void> {
  if (mask) applyMask(model, mask)
  const small = mask ? (await shrink(model, { mask })).model : model
  const sides = small.inputs[0]!.shape.slice(1) as number[]
  const xs = tf.randomUniform([1, ...sides], 0, 1, 'float32', 1)
  const values = (await xs.data()).slice() as Float32Array
  const file = await toOnnx(small)
  const int8 = (await toOnnx(small, { values: 'int8' })).length
  const session = await ort.InferenceSession.create(file)
  const [input, output] = [session.inputNames[0]!, session.outputNames[0]!]
  const inOnnx = async () => {
    const feeds = { [input]: new ort.Tensor('float32', values, xs.shape) }
    return (await session.run(feeds))[output]!.data as Float32Array
  }
  const inTfjs = () => tf.tidy(() => (small.predict(xs) as tf.Tensor).dataSync() as Float32Array)
  const [wanted, got] = [inTfjs(), await inOnnx()]
  const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const difference =
    wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - got[i]!)), 0) / largest
  const [tfjs, onnx] = await mediansInTurns(9, [inTfjs, inOnnx])
  const parameters = small.countParams()
  const figures = { parameters, bytes: file.length, int8, seconds: { tfjs, onnx }, difference }
  report({ bench: 'onnx', ...names, ...figures, 'tfjs / onnx': tfjs! / onnx! })
  await session.release()
  xs.dispose()
  small.dispose()
  if (small !== model) model.dispose()
}

async function mobileNet(): Promise<void> {
  const network = 'MobileNetV2 of nsfwjs 4.3.0'
  await measure({ network, pruned: 'nothing', model: await loadNsfw('mobilenet_v2') })
  const model = await loadNsfw('mobilenet_v2')
  // Where a depthwise filter is dead, the expansion in front of it goes too.
  const select = { include: /depthwise_kernel$|^Conv_1\/kernel$/, frozen: true }
  const mask = await computeMask(model, { density: 0.5, granularity: units(), select })
  const pruned = 'half of the depthwise filters and of the last convolution'
  await measure({ network, pruned, model, mask })
}

async function inception(): Promise<void> {
  const network = 'InceptionV3 of nsfwjs 4.3.0'
  await measure({ network, pruned: 'nothing', model: await loadNsfw('inception_v3') })
  const model = await loadNsfw('inception_v3')
  const select = { frozen: true, keepLastLayer: true }
  const found = await computeMask(model, { density: 0.5, granularity: units(), select })
  const mask = wholeUnits(model, found)
  await measure({ network, pruned: 'units at density 0.5', model, mask })
}

export async function run(): Promise<void> {
  await startWasm()
  ort.env.logLevel = 'error'
  ort.env.wasm.numThreads = 1
  await mobileNet()
  await inception()
}
