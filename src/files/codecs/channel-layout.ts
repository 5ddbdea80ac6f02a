import { unitAxes } from '../../layer-kinds/weight-axes.js'
import type { WeightPlace } from '../../types.js'
import { sizeOf } from '../model/size-of.js'

/** The output channel of a place: floor(flat index / stride) mod count. */
export interface ChannelLayout {
  readonly stride: number
  readonly count: number
}

/**
 * Output channels of a weight: the places on its unit axes. One channel for a weight of less than
 * two axes, and where no axis is known.
 */
export function channelLayout(weight: WeightPlace): ChannelLayout {
  const { shape } = weight
  if (shape.length < 2) return { stride: 1, count: 1 }
  const axes = unitAxes(weight)
  if (axes.length === 0) return { stride: 1, count: 1 }
  return {
    stride: sizeOf(shape.slice(axes.at(-1)! + 1)),
    count: sizeOf(axes.map((axis) => shape[axis]!)),
  }
}
