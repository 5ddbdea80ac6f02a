import type { GraphBuilder } from '../graph/builder.js'
import type { Value } from '../graph/graph.js'
import { squeezed } from '../graph/sides-of-one.js'
import type { LayerToWrite, LayerWriter } from './layer-writer.js'
import { flagOption } from './options.js'
import { recurrence, swapped } from './recurrence.js'

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
  const direction = goesBackwards ? 'reverse' : 'forward'
  const { sequence, states } = recurrence([layer], { inputs, direction })
  const ends = states.map((state) => squeezed(graph, state, 0))
  const handedOut = flagOption(layer, 'returnState', false) ? ends : []
  if (!flagOption(layer, 'returnSequences', false)) return [ends[0]!, ...handedOut]
  const inOrder = swapped(graph, squeezed(graph, sequence, 1))
  // tfjs gives the outputs in the order in which they are computed.
  return [goesBackwards ? reversed(graph, inOrder) : inOrder, ...handedOut]
}

const recurrent: LayerWriter = (layer) => recurrentOutputs(layer, layer.inputs)

export const recurrentWriters: Readonly<Record<string, LayerWriter>> = {
  SimpleRNN: recurrent,
  LSTM: recurrent,
  GRU: recurrent,
  RNN: recurrent,
}
