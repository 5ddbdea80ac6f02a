/** Runs in the browser: compiles networks from models on every backend of tfjs. */
import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-backend-webgl'
import '@tensorflow/tfjs-backend-webgpu'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import { initializers, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { applyMask, computeMask } from 'tfjs-prune'
import { compileSparse, toWasm, type WasmNetwork } from 'tfjs-prune/sparse'

/** Outputs for the same samples: plain JSON. */
export interface SparseOutcome {
  /** Of the model in tfjs. */
  readonly wanted: readonly number[]
  /** Of the compiled model, from arrays. */
  readonly compiled: readonly number[]
  /** Of the compiled model with a layer in tfjs in its middle, from a tensor of the backend. */
  readonly withLayer: readonly number[]
  /** Of that one in tfjs. */
  readonly wantedWithLayer: readonly number[]
  readonly tensorsLeft: number
}

/** A layer that no one but tfjs can run. */
class Twice extends layers.Layer {
  static className = 'Twice'
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.mul([inputs].flat()[0]!, 2)
  }
  override computeOutputShape(shape: number[]): number[] {
    return shape
  }
}

const SHAPE = [10, 10, 2] as const
const seeded = (seed: number) => ({
  kernelInitializer: initializers.glorotUniform({ seed }),
  biasInitializer: 'ones' as const,
})

async function prunedModel(middle: readonly layers.Layer[]): Promise<LayersModel> {
  const model = sequential({
    layers: [
      layers.conv2d({ filters: 6, kernelSize: 3, inputShape: [...SHAPE], ...seeded(1) }),
      layers.batchNormalization({ gammaInitializer: initializers.randomUniform({ seed: 2 }) }),
      layers.reLU({}),
      ...middle,
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({ units: 3, ...seeded(3) }),
    ],
  })
  applyMask(model, await computeMask(model, { density: 0.3 }))
  return model
}

async function compileOn(backend: string): Promise<SparseOutcome> {
  setWasmPaths('/wasm/')
  if (!(await tf.setBackend(backend))) throw new Error(`Cannot start the ${backend} backend`)
  await tf.ready()
  const before = tf.memory().numTensors
  const xs = tf.randomNormal([3, ...SHAPE], 0, 1, 'float32', 4)
  const model = await prunedModel([])
  const wanted = await take(model.predict(xs) as tf.Tensor) // moves the weights to the device
  const network = await compileSparse(model)
  const compiled = network.predict((await xs.data()) as Float32Array) as Float32Array
  const mixed = await prunedModel([new Twice({ name: 'twice' } as never)])
  const mixedNetwork = await compileSparse(mixed, { tfjs: tf })
  const outcome = {
    wanted,
    compiled: [...compiled],
    withLayer: await take(mixedNetwork.predict(xs) as tf.Tensor),
    wantedWithLayer: await take(mixed.predict(xs) as tf.Tensor),
  }
  for (const one of [xs, model, mixed, network, mixedNetwork]) one.dispose()
  return { ...outcome, tensorsLeft: tf.memory().numTensors - before }
}

const STOCK = (
  'relu relu6 elu selu sigmoid hardSigmoid softplus softsign tanh swish mish gelu gelu_new softmax ' +
  'logSoftmax'
).split(' ')

/** Stock activations that are compiled without tfjs: each is asked for values on the backend. */
async function believedOn(backend: string): Promise<number> {
  if (!(await tf.setBackend(backend))) throw new Error(`Cannot start the ${backend} backend`)
  await tf.ready()
  const all = STOCK.map((name) =>
    layers.activation({ activation: name as 'relu', inputShape: [4] }),
  )
  const network = await compileSparse(sequential({ layers: all }))
  return network.stats.steps.length
}

/** Outputs of tfjs, and of a module that was written from the model and loaded by its URL. */
async function runModule(): Promise<{ wanted: number[]; got: number[] }> {
  await tf.setBackend('cpu')
  const model = await prunedModel([])
  const xs = tf.randomNormal([1, ...SHAPE], 0, 1, 'float32', 5)
  const url = URL.createObjectURL(new Blob([await toWasm(model)], { type: 'application/wasm' }))
  const { instance } = await WebAssembly.instantiateStreaming(fetch(url))
  const { memory, input0, output0, run } = instance.exports as object as WasmNetwork
  new Float32Array(memory.buffer, input0.value, xs.size).set(await xs.data())
  if (run() !== 0) throw new Error('an input is not finite')
  const got = [...new Float32Array(memory.buffer, output0.value, 3)]
  return { wanted: await take(model.predict(xs) as tf.Tensor), got }
}

/** Numbers of a tensor, which is disposed. */
async function take(one: tf.Tensor): Promise<number[]> {
  const values = [...(await one.data())]
  one.dispose()
  return values
}

declare global {
  interface Window {
    compileOn: typeof compileOn
    believedOn: typeof believedOn
    runModule: typeof runModule
  }
}

window.believedOn = believedOn
window.runModule = runModule
window.compileOn = compileOn
