import type { Dimension } from './layer-kind.js'
import { layoutOf, type TypedWeight } from './layout.js'

const READ: readonly Dimension[] = ['in', 'state', 'row', 'middle']

/** Axes whose places are the channels that the weight makes: its units. */
export function unitAxes(weight: TypedWeight): number[] {
  const { axes, makes } = layoutOf(weight)
  return [...axes.keys()].filter((axis) => axes[axis]!.some((name) => makes.includes(name)))
}

/** Axis whose places are the channels that the weight reads; -1 where there is none. */
export function channelAxis(weight: TypedWeight): number {
  const { axes, makes } = layoutOf(weight)
  const reads = (names: readonly Dimension[]) => names.some((name) => READ.includes(name))
  const makesNone = (names: readonly Dimension[]) => !names.some((name) => makes.includes(name))
  const summed = axes.findIndex((names) => reads(names) && makesNone(names))
  return summed >= 0 ? summed : axes.findIndex(reads)
}

/** Whether each channel that the weight makes is a sum over those that it reads. */
export function sumsInputs(weight: TypedWeight): boolean {
  const { axes, makes } = layoutOf(weight)
  return axes.flat().some((name) => READ.includes(name) && name !== 'row' && !makes.includes(name))
}
