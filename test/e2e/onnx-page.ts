/** Runs in the browser: a model of tfjs, written there, in onnxruntime-web. */
import '@tensorflow/tfjs-backend-cpu'
import { randomNormal, type Tensor } from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import * as ort from 'onnxruntime-web/wasm'
import { toOnnx } from 'tfjs-prune/onnx'

declare global {
  interface Window {
    runOnnx: typeof runOnnx
    runFile: typeof runFile
  }
}

/** The first output of a file, given as base64, for one input. */
async function runFile(
  file: string,
  values: readonly number[],
  dims: readonly number[],
): Promise<number[]> {
  ort.env.wasm.wasmPaths = '/onnx/'
  ort.env.wasm.numThreads = 1
  const bytes = Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0))
  const session = await ort.InferenceSession.create(bytes)
  const input = new ort.Tensor('float32', Float32Array.from(values), dims)
  const outputs = await session.run({ [session.inputNames[0]!]: input })
  return [...(outputs[session.outputNames[0]!]!.data as Float32Array)]
}

/** Largest difference of a score between both runtimes, and the largest score. */
async function runOnnx(): Promise<{ difference: number; largest: number }> {
  ort.env.wasm.wasmPaths = '/onnx/'
  ort.env.wasm.numThreads = 1
  const model = sequential({
    layers: [
      layers.conv2d({ filters: 4, kernelSize: 3, activation: 'relu', inputShape: [12, 12, 1] }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({ units: 2, activation: 'softmax' }),
    ],
  })
  const session = await ort.InferenceSession.create(await toOnnx(model))
  const xs = randomNormal([3, 12, 12, 1], 0, 1, 'float32', 1)
  const input = new ort.Tensor('float32', (await xs.data()).slice() as Float32Array, xs.shape)
  const outputs = await session.run({ [session.inputNames[0]!]: input })
  const got = outputs[session.outputNames[0]!]!.data as Float32Array
  const wanted = await (model.predict(xs) as Tensor).data()
  const differences = Array.from(wanted, (value, i) => Math.abs(value - got[i]!))
  return { difference: Math.max(...differences), largest: Math.max(...wanted) }
}

window.runOnnx = runOnnx
window.runFile = runFile
