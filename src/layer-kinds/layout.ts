import type { WeightPlace } from '../types.js'
import type { Dimension, KindWeight, LayerKind } from './layer-kind.js'
import { registeredKind, registeredKinds } from './registered-kinds.js'

/** The facts of a weight that its layout follows from. */
export type TypedWeight = Pick<WeightPlace, 'className' | 'role' | 'shape'>

/** The meaning of the axes of one weight. */
export interface Layout {
  readonly use: KindWeight['use']
  /** Dimensions of each axis, the slowest first; none for a place of a window or of the input. */
  readonly axes: readonly (readonly Dimension[])[]
  /** Dimensions of the channels that the weight makes. */
  readonly makes: readonly Dimension[]
  /** Number of gates that it holds. */
  readonly gates: number
}

/** The layout of a weight, by the kind of its layer or of the layer that holds such a cell. */
export function layoutOf(weight: TypedWeight): Layout {
  const { className } = weight
  const ofCell = () => registeredKinds().find(({ cell }) => cell === className)
  return layoutIn(registeredKind(className) ?? ofCell(), weight)
}

/** The layout of a weight of a layer of the given kind. */
export function layoutIn(
  kind: LayerKind | undefined,
  { role, shape }: Pick<TypedWeight, 'role' | 'shape'>,
): Layout {
  const weight = kindWeight(kind, role) ?? unknown(kind, role)
  const { use, axes, makes = kind?.outputs ?? ['out'] } = weight
  const named = axes.slice(Math.max(0, axes.length - shape.length)).map((axis) => [axis].flat())
  const places = Array.from({ length: shape.length - named.length }, () => [])
  const gates = named.flat().includes('gate') ? (kind?.gates?.length ?? 1) : 1
  return { use, axes: [...places, ...named] as Dimension[][], makes, gates }
}

/**
 * The part of a kind that describes a role; `kernel` stands for the second kernel of a layer,
 * `kernel_1`, as well.
 */
export function kindWeight(kind: LayerKind | undefined, role: string): KindWeight | undefined {
  return kind?.weights[role] ?? kind?.weights[role.replace(/_\d+$/, '')]
}

/** Whether the channels that the weight makes are the outputs of its layer. */
export function makesOutputs(weight: TypedWeight): boolean {
  const { outputs = ['out'] } = registeredKind(weight.className) ?? {}
  return layoutOf(weight).makes.join() === outputs.join()
}

/**
 * A weight that no kind describes: its outputs are on the last axis, its inputs on the one before.
 */
function unknown(kind: LayerKind | undefined, role: string): KindWeight {
  const makes: readonly Dimension[] = ['out']
  if (kind) return { use: 'other', axes: ['in', 'out'], makes }
  const [, shift, mean] = /^(?:(bias|beta)|(moving_mean))(?:_\d+)?$/.exec(role) ?? []
  if (shift || mean) return { use: shift ? 'shift' : 'mean', axes: ['out'], makes }
  return { use: 'kernel', axes: ['in', 'out'], makes }
}

/** Whether the weight is a table, whose rows are found by number. */
export function isTable({ axes }: Pick<KindWeight, 'axes'>): boolean {
  return axes.flat().includes('row')
}
