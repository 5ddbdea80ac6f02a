import { dispose, type Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { containerOf } from '../../../src/internal/model-graph.js'
import { type ToOnnxOptions, toOnnx } from '../../../src/onnx/index.js'
import { graphFaults } from './graph-faults.js'
import { runOnnx } from './run-onnx.js'
import { type InputOptions, seededInputs } from './seeded-inputs.js'

/** Options of {@link onnxDifference}. */
export interface DifferenceOptions extends Omit<InputOptions, 'batch'> {
  /** @default [1, 3] */
  readonly batches?: readonly number[]
  /** Options of `toOnnx`. */
  readonly options?: ToOnnxOptions
  /** The model whose outputs are wanted. @default the one that is written */
  readonly beside?: LayersModel
}

/**
 * Writes a model, runs the file in onnxruntime-web, and gives the largest difference of an output
 * from that of tfjs, as a share of the largest value of that output, over all batches.
 *
 * @throws {Error} If the graph of the file has faults, or names or shapes of outputs differ.
 */
export async function onnxDifference(
  model: LayersModel,
  { batches = [1, 3], options = {}, beside = model, ...inputs }: DifferenceOptions = {},
): Promise<number> {
  const bytes = await toOnnx(model, options)
  const faults = graphFaults(bytes)
  if (faults.length > 0) throw new Error(`Cannot run the file: ${faults.join('; ')}`)
  let largest = 0
  for (const batch of batches) {
    const given = seededInputs(model, { batch, ...inputs })
    const wanted = [beside.predict(given)].flat()
    const { inputNames } = containerOf(model)
    const named = Object.fromEntries(given.map((input, i) => [inputNames[i]!, input]))
    const got = await runOnnx(bytes, named)
    largest = Math.max(largest, outputDifference(wanted, Object.values(got)))
    dispose([given, wanted, got])
  }
  return largest
}

/** The largest difference of outputs in order, each as a share of its own largest value. */
export function outputDifference(wanted: readonly Tensor[], got: readonly Tensor[]): number {
  if (wanted.length !== got.length)
    throw new Error(`expected ${wanted.length} outputs, got ${got.length}`)
  const differences = wanted.map((one, i) => {
    const other = got[i]!
    if (`${one.shape}` !== `${other.shape}`)
      throw new Error(`expected an output of ${one.shape}, got ${other.shape}`)
    return relativeDifference(one.dataSync(), other.dataSync())
  })
  return Math.max(0, ...differences)
}

/** NaN where only one of the two has it. */
function relativeDifference(wanted: ArrayLike<number>, got: ArrayLike<number>): number {
  let [difference, most] = [0, 0]
  for (let i = 0; i < wanted.length; i++) {
    const [one, other] = [wanted[i]!, got[i]!]
    most = Math.max(most, Math.abs(one))
    if (!Object.is(one, other)) difference = Math.max(difference, Math.abs(one - other))
  }
  return difference === 0 ? 0 : difference / (most || 1)
}
