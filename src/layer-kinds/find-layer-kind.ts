import { frozenCopy } from './frozen-copy.js'
import type { LayerKind } from './layer-kind.js'
import { passing } from './passing.js'
import { registeredKind } from './registered-kinds.js'

const passingKinds = new Map(passing.map((kind) => [kind.className, frozenCopy(kind)]))

/**
 * Finds the kind of a layer class.
 *
 * @param className Class name as the layer's `getClassName()` gives it, e.g. `Conv2D`.
 * @returns The kind of the class, frozen; undefined for one that is neither of tfjs nor registered
 *   by {@link registerLayerKind}.
 *
 * @example
 * ```ts
 * import { layerKind } from 'tfjs-prune'
 *
 * const { weights } = layerKind('LSTM')!
 * if (Object.keys(weights).join() !== 'kernel,recurrent_kernel,bias')
 *   throw new Error('two kernels')
 * ```
 */
export function layerKind(className: string): LayerKind | undefined {
  return registeredKind(className) ?? passingKinds.get(className)
}
