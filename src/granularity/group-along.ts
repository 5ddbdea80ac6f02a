import type { Grains } from './granularity.js'

/** One group for each place along some axes of a shape, the last of the axes fastest. */
export function groupAlong(shape: readonly number[], axes: readonly number[]): Grains {
  const count = axes.reduce((product, axis) => product * shape[axis]!, 1)
  const of = new Int32Array(shape.reduce((product, side) => product * side, 1))
  let stride = of.length
  shape.forEach((side, axis) => {
    stride /= side
    if (!axes.includes(axis)) return
    for (let i = 0; i < of.length; i++) of[i] = of[i]! * side + (Math.floor(i / stride) % side)
  })
  return { count, of }
}
