import {
  broadcastTo,
  dispose,
  max,
  min,
  reshape,
  type Tensor,
  tensor1d,
  tidy,
  zeros,
} from '@tensorflow/tfjs-core'
import { layerKind } from '../layer-kinds/find-layer-kind.js'
import { isTable } from '../layer-kinds/layout.js'
import type { Call } from './graph.js'

/** Places of a convolution may add up in another order: closer numbers count as one value. */
const ROUNDING = 1e-6

/**
 * Lets the layer compute its constant outputs: for each channel the value, NaN for one that differs
 * from place to place, as behind the padding of a convolution, and for those that are not
 * `constant`.
 */
export async function evaluateConstants(
  call: Call,
  inputs: readonly Float64Array[],
  constant: Uint8Array,
): Promise<Float64Array> {
  const ends = tidy(() => {
    const fed = inputs.map((values, i) => feed(values, call, i))
    const output = [call.layer.apply(fed.length === 1 ? fed[0]! : fed)].flat()[0] as Tensor
    const rows = reshape(output, [-1, constant.length])
    return [min(rows, 0), max(rows, 0)]
  })
  const [low, high] = await Promise.all(ends.map((end) => end.data()))
  dispose(ends)
  return Float64Array.from(constant, (isConstant, channel) => {
    const [least, most] = [low![channel]!, high![channel]!]
    const isUniform = most - least <= ROUNDING * Math.max(Math.abs(least), Math.abs(most))
    return isConstant && isUniform ? (least + most) / 2 : Number.NaN
  })
}

/**
 * Samples with the known values in their channels and 0 in the others: one, or as many as the layer
 * asks for, as those with states and TimeDistributed in a fixed batch do.
 */
export function feed(values: Float64Array, call: Call, input: number): Tensor {
  const [samples, ...sides] = call.inputShapes[input]!
  const asked = call.layer.inputSpec?.[input]?.shape?.[0] ?? 1
  const shape = [call.layer.stateful ? samples! : asked, ...sides]
  if (readsNumbers(call)) return zeros(shape, 'int32')
  const row = tensor1d(Float32Array.from(values, (value) => (Number.isNaN(value) ? 0 : value)))
  return broadcastTo(reshape(row, [...shape.slice(0, -1).map(() => 1), values.length]), shape)
}

/** Whether the inputs of the call are numbers of rows of a table. */
function readsNumbers({ className }: Call): boolean {
  return Object.values(layerKind(className)?.weights ?? {}).some(isTable)
}
