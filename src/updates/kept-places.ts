import type { Tensor } from '@tensorflow/tfjs-core'

const known = new WeakMap<Tensor, Int32Array | null>()

/**
 * The places of the ones in a mask, bool; null where their share is not below `few`. They are found
 * once: masks do not change.
 */
export function keptPlaces(mask: Tensor, few: number): Int32Array | null {
  const before = known.get(mask)
  if (before !== undefined) return before
  const values = mask.dataSync()
  const places = new Int32Array(values.length)
  let kept = 0
  for (let i = 0; i < values.length; i++) if (values[i] === 1) places[kept++] = i
  const found = kept < few * values.length ? places.slice(0, kept) : null
  known.set(mask, found)
  return found
}
