import type { GraphBuilder } from '../graph/builder.js'
import type { Side, Value } from '../graph/graph.js'
import { cannotSay } from '../graph/onnx-error.js'
import { unsqueezed } from '../graph/sides-of-one.js'
import type { LayerToWrite } from './layer-writer.js'
import { flagOption, numberOption } from './options.js'
import { cellActivations, cellKind } from './recurrent-cells.js'
import { cellWeights } from './recurrent-weights.js'

/** The outputs of a recurrent operation, its directions side by side. */
export interface Recurrence {
  /** Outputs of all steps, `[steps, directions, batch, units]`, in the order of the input. */
  readonly sequence: Value
  /** Final states, each `[directions, batch, units]`; the first is the last output. */
  readonly states: readonly Value[]
}

/** Directions of a recurrent operation. */
export type Direction = 'forward' | 'reverse' | 'bidirectional'

/** Swaps the batch and the steps. */
export function swapped(graph: GraphBuilder, x: Value): Value {
  const [batch, steps, ...rest] = x.shape
  return graph.node('Transpose', {
    inputs: [x],
    attributes: { perm: { ints: [1, 0, ...rest.map((_, axis) => axis + 2)] } },
    shape: [steps!, batch!, ...rest],
  })
}

/** Refuses a layer that keeps its states from one call to the next. */
export function refuseStateful(layer: LayerToWrite): void {
  if (!flagOption(layer, 'stateful', false)) return
  throw cannotSay(layer, 'it is stateful', 'hand its states in and out: returnState, initialState')
}

/**
 * A recurrent operation over the first of the inputs, from states that follow it; two cells for
 * both directions. Throws where a cell is one that ONNX does not have.
 */
export function recurrence(
  cells: readonly LayerToWrite[],
  { inputs, direction }: { readonly inputs: readonly Value[]; readonly direction: Direction },
): Recurrence {
  const [cell] = cells as [LayerToWrite]
  const { graph } = cell
  const { op, states } = cellKind(cell)
  for (const one of cells) refuseStateful(one)
  const units = numberOption(cell, 'units')
  const activations = cellActivations(cells)
  const x = graph.channelsLast(inputs[0]!)
  const [batch, steps] = x.shape as [Side, Side]
  const initial = initialStates(graph, inputs.slice(1), { states, directions: cells.length })
  const state = { shape: [cells.length, batch, units] }
  const [sequence, ...ends] = graph.nodeOf(
    op,
    {
      inputs: [swapped(graph, x), ...cellWeights(cells), '', ...initial],
      attributes: {
        ...activations,
        direction: { text: direction },
        hidden_size: { int: units },
      },
    },
    [{ shape: [steps, cells.length, batch, units] }, ...new Array(states).fill(state)],
  )
  return { sequence: sequence!, states: ends }
}

/** Each state with its directions before it, as ONNX wants them; none where none is given. */
function initialStates(
  graph: GraphBuilder,
  given: readonly Value[],
  { states, directions }: { readonly states: number; readonly directions: number },
): readonly Value[] {
  if (given.length === 0) return []
  return Array.from({ length: states }, (_, state) => {
    const parts = Array.from({ length: directions }, (_, i) => {
      return unsqueezed(graph, given[i * states + state]!, 0)
    })
    if (parts.length === 1) return parts[0]!
    const shape = [directions, ...parts[0]!.shape.slice(1)]
    return graph.node('Concat', { inputs: parts, attributes: { axis: { int: 0 } }, shape })
  })
}
