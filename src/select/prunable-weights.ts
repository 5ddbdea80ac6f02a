import type { ModelWeight } from '../internal/model-weights.js'
import type { LayerKind } from '../layer-kinds/layer-kind.js'
import { kindWeight } from '../layer-kinds/layout.js'
import { registeredKind } from '../layer-kinds/registered-kinds.js'
import type { SelectionOptions } from './selection-options.js'
import type { LeftWeight, SelectableWeight } from './selector.js'

/** A layer that has weights and is left whole, and why. */
export interface SkippedLayer {
  /** Layer path. */
  readonly layer: string
  /** Class name of the layer. */
  readonly className: string
  readonly reason: string
}

/** The weights that may be pruned by their use, and those that stay whole. */
export interface FoundWeights {
  readonly described: readonly SelectableWeight[]
  readonly skipped: readonly SkippedLayer[]
  readonly left: readonly LeftWeight[]
}

/** The weights that may be pruned by their use, and the layers that are left whole. */
export function prunableWeights(
  all: readonly ModelWeight[],
  { biases = false, frozen = false, unsupported = 'skip' }: SelectionOptions,
): FoundWeights {
  const skipped = new Map<string, SkippedLayer>()
  const left: LeftWeight[] = []
  const skip = (weight: ModelWeight, reason: string) => {
    const { layer, owner } = weight
    left.push({ ...describe(weight), reason })
    if (!skipped.has(layer)) skipped.set(layer, { layer, className: owner.getClassName(), reason })
  }
  const prunable = all.filter((weight) => {
    const kind = registeredKind(weight.owner.getClassName())
    if (!kind && unsupported === 'error') throw unknownClass(weight)
    if (!kind) skip(weight, unknownReason(weight.owner.getClassName()))
    if (!kind || !mayBePruned(kind, weight, biases)) return false
    if (weight.trainable || frozen) return true
    skip(weight, 'the layer is frozen (trainable: false); frozen: true prunes it')
    return false
  })
  return { described: prunable.map(describe), skipped: [...skipped.values()], left }
}

/** Whether the weight is a kernel of a class that is known. */
export function isKernel({ owner, role }: ModelWeight): boolean {
  return kindWeight(registeredKind(owner.getClassName()), role)?.use === 'kernel'
}

function mayBePruned(kind: LayerKind, { role }: ModelWeight, biases: boolean): boolean {
  const use = kindWeight(kind, role)?.use
  if (use !== 'shift') return use === 'kernel'
  return biases && Object.values(kind.weights).some((weight) => weight.use === 'kernel')
}

function describe({ name, layer, role, shape, owner }: ModelWeight): SelectableWeight {
  const size = shape.reduce((product, side) => product * side, 1)
  return { name, layer, className: owner.getClassName(), role, shape, size }
}

/** Why the weights of a class that is not known are left whole. */
export function unknownReason(className: string): string {
  return `the layer class ${className} is not known; registerLayerKind can say what its weights are`
}

function unknownClass({ layer, owner }: ModelWeight): RangeError {
  const wanted = 'expected a class that registerLayerKind knows'
  return new RangeError(`Cannot prune the layer ${layer}: ${wanted}, got ${owner.getClassName()}`)
}
