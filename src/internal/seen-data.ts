import { Tensor } from '@tensorflow/tfjs-core'

const seen = new WeakSet<object>()
const certified = new WeakSet<object>()

/**
 * Remembers the arrays and tensors that a model was made or chosen with: the data, its inputs and labels, the storage
 * of tensors (which clones and reshaped tensors share) and the rows of nested arrays. Nothing is
 * kept alive by it.
 */
export function markSeen(data: object): void {
  for (const part of partsOf(data)) seen.add(part)
}

/** Whether any of it was marked. */
export function wasSeen(data: object): boolean {
  for (const part of partsOf(data)) if (seen.has(part)) return true
  return false
}

/** Remembers, in the same way, the samples that a certificate was made with. */
export function markCertified(data: object): void {
  for (const part of partsOf(data)) certified.add(part)
}

/** Whether a certificate was made with any of it. */
export function wasCertified(data: object): boolean {
  for (const part of partsOf(data)) if (certified.has(part)) return true
  return false
}

/** Whether two sets of samples share an array, a tensor's storage or a row of a nested array. */
export function sharesData(data: object, other: object): boolean {
  const parts = new Set(partsOf(data))
  for (const part of partsOf(other)) if (parts.has(part)) return true
  return false
}

function* partsOf(data: object): Iterable<object> {
  yield data
  const { xs, ys } = data as { xs?: unknown; ys?: unknown }
  yield* arraysOf(xs)
  yield* arraysOf(ys)
}

function* arraysOf(values: unknown): Iterable<object> {
  if (typeof values !== 'object' || values === null) return
  // Clones of a tensor are other objects with the same storage.
  if (values instanceof Tensor) return yield values.dataId
  yield values
  if (ArrayBuffer.isView(values)) return
  // Rows, or inputs by name: their rows count too.
  if (!Array.isArray(values)) for (const input of Object.values(values)) yield* arraysOf(input)
  else
    for (const row of values) {
      if (row instanceof Tensor) yield row.dataId
      else if (typeof row === 'object' && row !== null) yield row
    }
}
