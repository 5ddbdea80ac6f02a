import { checkKind } from './check-kind.js'
import { frozenCopy } from './frozen-copy.js'
import type { LayerKind } from './layer-kind.js'
import { stockKinds } from './stock-kinds.js'

const known = new Map(stockKinds.map((kind) => [kind.className, frozenCopy(kind)]))

/**
 * Tells the library about a layer class of yours, for all models from now on. The kind says the
 * meaning of each axis of its weights. Criteria, granularities, masking layers and `shrink` then
 * know the class, and its kernels can be pruned.
 *
 * @param kind The class; one that is known already is replaced. It is copied: later changes of the
 *   value change nothing.
 * @throws {TypeError} If an option of the kind or of a weight does not exist or has the wrong type,
 *   or `className`, `weights` or the `axes` of a weight are missing.
 * @throws {RangeError} If an option has none of its values, a weight has no `use`, a dimension or
 *   gate stands twice in a list, the class is a masking layer, or another kind has the same cell.
 * @see {@link layerKind} gives it back; `layerKindLaws` of `tfjs-prune/testing` tests it.
 *
 * @example
 * ```ts
 * import { layerKind, registerLayerKind } from 'tfjs-prune'
 *
 * registerLayerKind({
 *   className: 'LowRankDense',
 *   weights: {
 *     left: { use: 'kernel', axes: ['in', 'middle'], makes: ['middle'] },
 *     right: { use: 'kernel', axes: ['middle', 'out'] },
 *     bias: { use: 'shift', axes: ['out'], option: 'useBias' },
 *   },
 *   sizes: { middle: 'rank', out: 'units' },
 * })
 * if (layerKind('LowRankDense')?.weights.left?.use !== 'kernel') throw new Error('it is known now')
 * ```
 */
export function registerLayerKind(kind: LayerKind): void {
  checkKind(kind, known.values())
  known.set(kind.className, frozenCopy(kind))
}

/** The kind of a class that has weights, or that a user registered. */
export function registeredKind(className: string): LayerKind | undefined {
  return known.get(className)
}

/** Adds kinds; one whose class is known already stays as it is. */
export function addKinds(kinds: readonly LayerKind[]): void {
  for (const kind of kinds)
    if (!known.has(kind.className)) known.set(kind.className, frozenCopy(kind))
}

/** All kinds that {@link registeredKind} knows, in the order in which they were registered. */
export function registeredKinds(): LayerKind[] {
  return [...known.values()]
}
