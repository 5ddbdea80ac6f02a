import type { SymbolicTensor } from '@tensorflow/tfjs-layers'
import { channelsOf } from '../internal/model-graph.js'
import { mergedCells } from '../layer-kinds/merged-cells.js'
import { registeredKind } from '../layer-kinds/registered-kinds.js'
import { windowOf } from '../layer-kinds/window.js'
import { cellsAtRest } from './cells-at-rest.js'
import type { Wirings } from './channel-groups.js'
import type { Reader } from './connections.js'
import { constantOutputs } from './constant-outputs.js'
import { evaluateConstants } from './evaluate-constants.js'
import type { Call, Graph } from './graph.js'

/** The channels that are the same at all places for all inputs. */
export interface Constants {
  /** For each tensor the values of its channels; NaN for those that are no constants. */
  readonly tensors: ReadonlyMap<SymbolicTensor, Float64Array>
  /** For each kernel that reads the outputs of the step before the same; only 0 is known. */
  readonly states: ReadonlyMap<Reader, Float64Array>
}

interface Knowledge {
  readonly wirings: Wirings
  readonly readers: ReadonlyMap<Call['layer'], readonly Reader[]>
}

/**
 * Finds the channels that do not depend on the model's inputs, in the order in which they are
 * computed. The layers themselves compute the values, on tensors of the real shapes that are 0
 * where nothing is known: activation, shift and padding are then those of the model.
 */
export async function findConstants(graph: Graph, knowledge: Knowledge): Promise<Constants> {
  const tensors = new Map<SymbolicTensor, Float64Array>()
  const states = new Map<Reader, Float64Array>()
  const known = (tensor: SymbolicTensor) => tensors.get(tensor) ?? unknown(tensor)
  for (const step of graph.steps) {
    if (!('layer' in step)) {
      if (!step.isShared)
        for (const [i, tensor] of step.from.entries()) tensors.set(step.to[i]!, known(tensor))
      continue
    }
    const inputs = step.inputs.map((tensor) => withoutBorders(step, known(tensor)))
    const readers = knowledge.readers.get(step.layer) ?? []
    if (readers.some(({ reads }) => reads === 'state')) {
      await addCells(step, inputs[0]!, { readers, tensors, states })
      continue
    }
    const constant = await constantOutputs(step, inputs, {
      wiring: knowledge.wirings.get(step)!,
      reader: readers[0],
    })
    if (constant.includes(1))
      tensors.set(step.outputs[0]!, await evaluateConstants(step, inputs, constant))
  }
  return { tensors, states }
}

interface Found {
  readonly readers: readonly Reader[]
  readonly tensors: Map<SymbolicTensor, Float64Array>
  readonly states: Map<Reader, Float64Array>
}

async function addCells(
  call: Call,
  inputs: Float64Array,
  { readers, tensors, states }: Found,
): Promise<void> {
  const rest = await cellsAtRest(call, inputs, readers)
  for (const reader of readers.filter(({ reads }) => reads === 'state')) {
    const own = Float64Array.from(rest[reader.worker]!, (isAtRest) => (isAtRest ? 0 : Number.NaN))
    // A cell has to be at rest in all calls.
    states.set(
      reader,
      own.map((value, unit) => value + (states.get(reader)?.[unit] ?? 0)),
    )
  }
  for (const [tensor, zero] of mergedCells(call, rest))
    tensors.set(
      tensor,
      Float64Array.from(zero, (isZero) => (isZero ? 0 : Number.NaN)),
    )
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
  const { kernelSize, padding } = windowOf(call.workers[0])
  const isSure =
    kernelSize.every((size) => size === 1) || (padding === 'valid' && kind.window === 'gathers')
  return isSure ? values : values.map((value) => (value === 0 ? 0 : Number.NaN))
}
