import { describe } from '../internal/describe.js'
import { checkIndex } from '../internal/option-checks.js'
import type { NumberArray } from '../types.js'

/** Throws unless there is an index for each sample. */
export function checkOnePerSample(
  indices: NumberArray,
  given: { readonly samples: number; readonly of?: string; readonly task?: string },
): void {
  const { samples, of = 'samples', task = 'certify' } = given
  if (indices?.length === samples) return
  const got = indices?.length ?? describe(indices)
  throw new TypeError(`Cannot ${task}: expected an index for each of ${samples} ${of}, got ${got}`)
}

/** The indices of an option. Throws unless they are a list of whole numbers of at least 0. */
export function indexSet(
  indices: NumberArray,
  { task, name }: { readonly task: string; readonly name: string },
): Set<number> {
  if (typeof indices !== 'object' || typeof indices?.length !== 'number') {
    const got = describe(indices)
    throw new TypeError(`Cannot ${task}: expected a list of indices as ${name}, got ${got}`)
  }
  const found = new Set<number>()
  for (let i = 0; i < indices.length; i++) {
    checkIndex(indices[i], { task, name: `${name}[${i}]` })
    found.add(indices[i]!)
  }
  return found
}

/** Throws if an index is none, comes twice or is among those used, of the option `name`. */
export function checkIndices(indices: NumberArray, before: NumberArray, name = 'trainedOn'): void {
  const used = indexSet(before, { task: 'certify', name })
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
  const got = `${overlap.size} of ${indices.length} among ${name}, the first of them ${first}`
  const apart = name === 'trainedOn' ? 'were not trained on' : 'are no tuning samples'
  throw new RangeError(`Cannot certify: expected calibration samples that ${apart}, got ${got}`)
}
