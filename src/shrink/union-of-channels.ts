import type { SymbolicTensor } from '@tensorflow/tfjs-layers'
import { channelsOf } from '../internal/model-graph.js'

/** A place is a channel of a tensor: they are numbered tensor by tensor. */
export interface UnionOfChannels {
  /** Number of places. */
  readonly size: number
  readonly placeOf: (tensor: SymbolicTensor, channel: number) => number
  /** The least place of the group. */
  readonly groupOf: (place: number) => number
  readonly unite: (a: number, b: number) => void
}

/** A union-find over the channels of tensors, each in a group of its own at first. */
export function unionOfChannels(tensors: Iterable<SymbolicTensor>): UnionOfChannels {
  const offsets = new Map<SymbolicTensor, number>()
  let size = 0
  for (const tensor of tensors) {
    offsets.set(tensor, size)
    size += channelsOf(tensor)
  }
  const parents = Int32Array.from({ length: size }, (_, place) => place)
  const groupOf = (place: number) => {
    let root = place
    while (parents[root] !== root) root = parents[root]!
    for (let next = place; next !== root; ) {
      const parent = parents[next]!
      parents[next] = root
      next = parent
    }
    return root
  }
  const unite = (a: number, b: number) => {
    const [first, second] = [groupOf(a), groupOf(b)]
    parents[Math.max(first, second)] = Math.min(first, second)
  }
  return { size, placeOf: (tensor, channel) => offsets.get(tensor)! + channel, groupOf, unite }
}
