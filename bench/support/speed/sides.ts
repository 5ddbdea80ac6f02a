import * as tf from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { compileSparse, type SparseStats } from 'tfjs-prune/sparse'
import { findOnnxRuntime, openOnnx } from '../onnx/onnx-runtime.js'
import { writeOnnx } from '../onnx/write-onnx.js'
import type { Subject } from './times.js'

/** A side of the comparison, and how to let go of it. */
export interface Side extends Subject {
  readonly dispose: () => unknown
}

/** What goes in: whole samples, row by row. */
export interface Input {
  readonly values: Float32Array
  /** With the batch. */
  readonly shape: readonly number[]
}

export function randomInput(shape: readonly number[]): Input {
  const xs = tf.randomNormal([...shape], 0, 1, 'float32', 1)
  const values = xs.dataSync() as Float32Array
  xs.dispose()
  return { values, shape }
}

/** `predict` of tfjs, with the tensors that go in and out. It does not own the model. */
export function stockSide(name: string, model: LayersModel, { values, shape }: Input): Side {
  const call = () =>
    tf.tidy(() => {
      const xs = tf.tensor(values, [...shape], 'float32')
      return (model.predict(xs) as tf.Tensor).dataSync() as Float32Array
    })
  return { name, call, dispose: () => {} }
}

export async function compiledSide(
  name: string,
  model: LayersModel,
  { values }: Input,
): Promise<Side & { readonly stats: SparseStats }> {
  const network = await compileSparse(model)
  const call = () => network.predict(values) as Float32Array
  return { name, call, dispose: network.dispose, stats: network.stats }
}

/** onnxruntime-node with its own order of values; nothing where it is not installed. */
export async function onnxSide(
  name: string,
  model: LayersModel,
  { input: { values, shape }, threads }: { input: Input; threads: number },
): Promise<Side | undefined> {
  const runtime = await findOnnxRuntime()
  if (!runtime) return undefined
  const [batch, height, width, channels] = shape as [number, number, number, number]
  const first = tf.tidy(
    () =>
      tf
        .transpose(tf.tensor(values, [batch, height, width, channels]), [0, 3, 1, 2])
        .dataSync() as Float32Array,
  )
  const session = await openOnnx(runtime, writeOnnx(model), {
    threads,
    shape: [batch, channels, height, width],
  })
  return { name, call: () => session.predict(first), dispose: session.release }
}
