import { checkIndex } from '../internal/option-checks.js'
import type { NumberArray } from '../types.js'

/** Throws if an index is none, comes twice or was trained on. */
export function checkIndices(indices: NumberArray, trainedOn: NumberArray): void {
  const used = new Set(Array.from(trainedOn))
  const [own, overlap] = [new Set<number>(), new Set<number>()]
  for (const index of Array.from(indices)) {
    checkIndex(index, { task: 'certify', name: 'calibration.indices' })
    if (own.has(index))
      throw new RangeError(`Cannot certify: expected each sample once, got index ${index} twice`)
    own.add(index)
    if (used.has(index)) overlap.add(index)
  }
  if (overlap.size === 0) return
  const [first] = overlap
  const got = `${overlap.size} of ${indices.length} among trainedOn, the first of them ${first}`
  throw new RangeError(
    `Cannot certify: expected calibration samples that were not trained on, got ${got}`,
  )
}
