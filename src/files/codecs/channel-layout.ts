import { sizeOf } from '../../internal/size-of.js'
import { unitAxes } from '../../layer-kinds/weight-axes.js'
import type { WeightPlace } from '../../types.js'

/** The output channel of a place: floor(flat index / stride) mod count. */
export interface ChannelLayout {
  readonly stride: number
  readonly count: number
}

/**
 * Output channels of a weight: the places on its unit axes. One channel for a weight of less than
 * two axes, and where no axis is known. Without a topology four axes of which the last has one
 * place are taken for a depthwise kernel: a step for each input is no loss either way.
 */
export function channelLayout(weight: WeightPlace): ChannelLayout {
  const { shape, className } = weight
  if (shape.length < 2) return { stride: 1, count: 1 }
  const isDepthwise = className === '' && shape.length === 4 && shape[3] === 1
  const axes = isDepthwise ? [2, 3] : unitAxes(weight)
  if (axes.length === 0) return { stride: 1, count: 1 }
  return {
    stride: sizeOf(shape.slice(axes.at(-1)! + 1)),
    count: sizeOf(axes.map((axis) => shape[axis]!)),
  }
}
