import { channelsOf } from '../internal/model-graph.js'
import type { LayerCall } from './layer-call.js'

/** Tells that an output channel is computed from a channel of an input. */
export type Link = (input: number, from: number, to: number) => void

/** Calls the link for each pair of channels that hang together, or says why none can be told. */
export type Passage = ((link: Link) => void) | string

/** Each input channel for the output channel of the same number. */
export function sameChannel({ inputs, outputs }: LayerCall): Passage {
  const channels = channelsOf(outputs[0]!)
  const different = inputs.find((tensor) => channelsOf(tensor) !== channels)
  if (different) return `its inputs have ${channelsOf(different)} and ${channels} channels`
  return (link) => {
    for (let input = 0; input < inputs.length; input++) {
      for (let channel = 0; channel < channels; channel++) link(input, channel, channel)
    }
  }
}

/** A row-major tensor cut into other rows: places in steps of the shorter row. */
export function sameOrder({ inputs, outputs }: LayerCall): Passage {
  const [own, made] = [channelsOf(inputs[0]!), channelsOf(outputs[0]!)]
  const [short, long] = [Math.min(own, made), Math.max(own, made)]
  if (short === 0 || long % short !== 0) return `it cuts rows of ${own} into rows of ${made}`
  return (link) => {
    for (let place = 0; place < long; place++) link(0, place % own, place % made)
  }
}

/** Inputs side by side, along the channels or along another axis. */
export function sideBySide(call: LayerCall, axis: number): Passage {
  const { inputs, outputs } = call
  const rank = outputs[0]!.shape.length
  if (axis !== -1 && axis !== rank - 1) return sameChannel(call)
  return (link) => {
    let offset = 0
    for (const [input, tensor] of inputs.entries()) {
      for (let channel = 0; channel < channelsOf(tensor); channel++) link(input, channel, offset++)
    }
  }
}

/** Several outputs in a row for each input. */
export function multiplied({ inputs, outputs }: LayerCall): Passage {
  const channels = channelsOf(outputs[0]!)
  const multiples = channels / channelsOf(inputs[0]!)
  return (link) => {
    for (let to = 0; to < channels; to++) link(0, Math.floor(to / multiples), to)
  }
}
