import { type DataType, type Tensor, tensor } from '@tensorflow/tfjs-core'
import * as ort from 'onnxruntime-web'

// Its advice about threads would drown the report of the tests.
ort.env.logLevel = 'error'
ort.env.wasm.numThreads = 1

/** Runs the bytes of an ONNX file in onnxruntime-web. The caller disposes the outputs. */
export async function runOnnx(
  bytes: Uint8Array,
  inputs: Readonly<Record<string, Tensor>>,
): Promise<Record<string, Tensor>> {
  const session = await ort.InferenceSession.create(bytes)
  try {
    const feeds: Record<string, ort.Tensor> = {}
    for (const [name, input] of Object.entries(inputs)) feeds[name] = await handedOver(input)
    const outputs = await session.run(feeds)
    return Object.fromEntries(
      session.outputNames.map((name) => {
        const { data, dims, type } = outputs[name]!
        return [name, tensor(data as Float32Array, [...dims], type as DataType)]
      }),
    )
  } finally {
    await session.release()
  }
}

async function handedOver(input: Tensor): Promise<ort.Tensor> {
  const type = input.dtype as 'float32' | 'int32' | 'bool'
  return new ort.Tensor(type, (await input.data()).slice() as Float32Array, input.shape)
}
