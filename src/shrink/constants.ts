import type { SymbolicTensor } from '@tensorflow/tfjs-layers'
import { channelsOf } from '../internal/model-graph.js'
import { registeredKind } from '../layer-kinds/registered-kinds.js'
import { windowOf } from '../layer-kinds/window.js'
import type { Wirings } from './channel-groups.js'
import type { Reader } from './connections.js'
import { constantOutputs } from './constant-outputs.js'
import { evaluateConstants } from './evaluate-constants.js'
import type { Call, Graph } from './graph.js'

/**
 * For each tensor the values of its channels that are the same at all places for all inputs; NaN
 * for the others.
 */
export type Constants = ReadonlyMap<SymbolicTensor, Float64Array>

interface Knowledge {
  readonly wirings: Wirings
  readonly readers: ReadonlyMap<Call['layer'], Reader>
}

/**
 * Finds the channels that do not depend on the model's inputs, in the order in which they are
 * computed. The layers themselves compute the values, on tensors of the real shapes that are 0
 * where nothing is known: activation, shift and padding are then those of the model.
 */
export async function findConstants(graph: Graph, knowledge: Knowledge): Promise<Constants> {
  const constants = new Map<SymbolicTensor, Float64Array>()
  const known = (tensor: SymbolicTensor) => constants.get(tensor) ?? unknown(tensor)
  for (const step of graph.steps) {
    if (!('layer' in step)) {
      if (!step.isShared)
        for (const [i, tensor] of step.from.entries()) constants.set(step.to[i]!, known(tensor))
      continue
    }
    const inputs = step.inputs.map((tensor) => withoutBorders(step, known(tensor)))
    const constant = await constantOutputs(step, inputs, {
      wiring: knowledge.wirings.get(step)!,
      reader: knowledge.readers.get(step.layer),
    })
    if (constant.includes(1))
      constants.set(step.outputs[0]!, await evaluateConstants(step, inputs, constant))
  }
  return constants
}

function unknown(tensor: SymbolicTensor): Float64Array {
  return new Float64Array(channelsOf(tensor)).fill(Number.NaN)
}

/**
 * Where sides are not known, a window may meet the padding or not: only 0 is then sure to stay a
 * constant.
 */
function withoutBorders(call: Call, values: Float64Array): Float64Array {
  const kind = registeredKind(call.className)
  if (call.isFixed || !kind?.window) return values
  const { kernelSize, padding } = windowOf(call.layer)
  const isSure =
    kernelSize.every((size) => size === 1) || (padding === 'valid' && kind.window === 'gathers')
  return isSure ? values : values.map((value) => (value === 0 ? 0 : Number.NaN))
}
