import type { Granularity } from './granularity.js'
import { groupAlong } from './group-along.js'

/**
 * Prunes single elements: unstructured pruning. Each element is a group of its own.
 *
 * @returns A granularity. All weights have it.
 *
 * @example
 * ```ts
 * import { elements } from 'tfjs-prune'
 *
 * const weight = {
 *   name: 'out/kernel',
 *   layer: 'out',
 *   role: 'kernel',
 *   className: 'Dense',
 *   shape: [2, 2],
 * }
 * if (elements().grains(weight).of.join() !== '0,1,2,3') throw new Error('four groups of one')
 * ```
 */
export function elements(): Granularity {
  return { name: 'elements', grains }
}

/** Whether a granularity is that of a run without one. */
export function isElements(granularity: Granularity): boolean {
  const { joint, complete } = granularity
  return granularity.grains === grains && !joint && !complete
}

const grains: Granularity['grains'] = ({ shape }) => groupAlong(shape, [...shape.keys()])
