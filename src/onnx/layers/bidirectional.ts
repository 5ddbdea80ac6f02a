import type { Side, Value } from '../graph/graph.js'
import { cannotSay } from '../graph/onnx-error.js'
import { reduced } from '../graph/reduced.js'
import type { LayerToWrite, LayerWriter } from './layer-writer.js'
import { flagOption } from './options.js'
import { recurrence, swapped } from './recurrence.js'

type MergeMode = 'concat' | 'sum' | 'ave' | 'mul' | null

/** One operation for both directions. tfjs turns the steps of the second back, as ONNX does. */
const bidirectional: LayerWriter = (layer) => {
  const { inputs } = layer
  const cells = (['forwardLayer', 'backwardLayer'] as const).map((option) =>
    layer.inner(option, { inputs, outputs: [] }),
  )
  if (flagOption(cells[0]!, 'goBackwards', false))
    throw cannotSay(layer, 'its layer goes backwards', 'wrap a layer that goes forwards')
  const { sequence, states } = recurrence(cells, { inputs, direction: 'bidirectional' })
  const isSequence = flagOption(cells[0]!, 'returnSequences', false)
  const outputs = merged(layer, isSequence ? sequence : states[0]!)
  if (!flagOption(cells[0]!, 'returnState', false)) return outputs
  const ends = [0, 1].flatMap((place) =>
    states.map((state) => one(layer, state, { axis: 0, place })),
  )
  return [...outputs, ...ends]
}

/** The outputs of both directions as the layer joins them: `[steps,] directions, batch, units`. */
function merged(layer: LayerToWrite, both: Value): readonly Value[] {
  const { graph } = layer
  const mode = (layer.config.mergeMode ?? null) as MergeMode
  const axis = both.shape.length - 3
  if (mode === 'concat') return [sideBySide(layer, both)]
  const inOrder = (x: Value) => (axis === 1 ? swapped(graph, x) : x)
  if (mode === 'sum' || mode === 'ave') {
    const op = mode === 'sum' ? 'ReduceSum' : 'ReduceMean'
    return [inOrder(reduced(graph, both, { op, axes: [axis] }))]
  }
  const parts = [0, 1].map((place) => one(layer, both, { axis, place }))
  if (mode === null) return parts.map(inOrder)
  if (mode !== 'mul') throw cannotSay(layer, `its mergeMode is ${mode}`)
  return [inOrder(graph.node('Mul', { inputs: parts, shape: parts[0]!.shape }))]
}

/** The units of the second direction behind those of the first. */
function sideBySide(layer: LayerToWrite, both: Value): Value {
  const { graph } = layer
  const units = both.shape.at(-1) as number
  const batch = both.shape.at(-2) as Side
  const [perm, sides] =
    both.shape.length === 4
      ? [
          [2, 0, 1, 3],
          [batch, both.shape[0]!],
        ]
      : [[1, 0, 2], [batch]]
  const turned = graph.node('Transpose', {
    inputs: [both],
    attributes: { perm: { ints: perm } },
    shape: perm.map((axis) => both.shape[axis]!),
  })
  const target = graph.ints([...sides.map(() => 0), 2 * units])
  return graph.node('Reshape', { inputs: [turned, target], shape: [...sides, 2 * units] })
}

/** The part of one direction. */
function one(
  { graph }: LayerToWrite,
  both: Value,
  { axis, place }: { readonly axis: number; readonly place: number },
): Value {
  return graph.node('Gather', {
    inputs: [both, graph.scalar(place, 'int32')],
    attributes: { axis: { int: axis } },
    shape: both.shape.toSpliced(axis, 1),
  })
}

export const bidirectionalWriters: Readonly<Record<string, LayerWriter>> = {
  Bidirectional: bidirectional,
}
