import type { GraphBuilder } from '../graph/builder.js'
import type { Value } from '../graph/graph.js'
import { squeezed } from '../graph/sides-of-one.js'
import type { LayerToWrite, LayerWriter } from './layer-writer.js'
import { flagOption } from './options.js'
import { recurrence, refuseStateful, swapped } from './recurrence.js'
import { cellKind } from './recurrent-cells.js'

/** The steps from the last to the first. */
function reversed(graph: GraphBuilder, x: Value): Value {
  const bounds = [[-1], [Number.MIN_SAFE_INTEGER], [1], [-1]].map(graph.ints)
  return graph.node('Slice', { inputs: [x, ...bounds], shape: x.shape })
}

/** The outputs of a recurrent layer for its inputs: those of the steps or the last, and states. */
export function recurrentOutputs(
  layer: LayerToWrite,
  inputs: readonly Value[],
): readonly [Value, ...Value[]] {
  const { graph } = layer
  const goesBackwards = flagOption(layer, 'goBackwards', false)
  const { x, ends } = throughCells(layer, inputs)
  const handedOut = flagOption(layer, 'returnState', false) ? ends : []
  if (!flagOption(layer, 'returnSequences', false)) return [ends[0]!, ...handedOut]
  // tfjs gives the outputs in the order in which they are computed.
  return [goesBackwards ? reversed(graph, x) : x, ...handedOut]
}

/** Outputs of all steps in the order of the input, and final states, those of the last cell first. */
interface Outcome {
  readonly x: Value
  readonly ends: readonly Value[]
}

/** Stacked cells are operations one behind the other. States stand from the last cell to the first. */
function throughCells(layer: LayerToWrite, [x, ...given]: readonly Value[]): Outcome {
  const { graph } = layer
  refuseStateful(layer)
  const direction = flagOption(layer, 'goBackwards', false) ? 'reverse' : 'forward'
  const stacked = layer.stackedCells()
  const cells = stacked.length > 0 ? stacked : [layer]
  const left = [...given]
  return cells.reduce<Outcome>(
    (before, cell) => {
      const initial = left.splice(Math.max(0, left.length - cellKind(cell).states))
      const { sequence, states } = recurrence([cell], { inputs: [before.x, ...initial], direction })
      const ends = states.map((state) => squeezed(graph, state, 0))
      return {
        x: swapped(graph, squeezed(graph, sequence, 1)),
        ends: [...ends, ...before.ends],
      }
    },
    { x: x!, ends: [] },
  )
}

const recurrent: LayerWriter = (layer) => recurrentOutputs(layer, layer.inputs)

export const recurrentWriters: Readonly<Record<string, LayerWriter>> = {
  SimpleRNN: recurrent,
  LSTM: recurrent,
  GRU: recurrent,
  RNN: recurrent,
}
