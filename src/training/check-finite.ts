import { slice, type Tensor } from '@tensorflow/tfjs-core'
import { firstNonFinite } from '../internal/weight-values.js'
import { checkAlive } from './check-alive.js'
import { held } from './read-rows.js'

/** Values of tensors that were looked at: tensors never change. */
const finite = new WeakSet<object>()

/** Most elements that are read at once. */
const PART = 2 ** 22

/**
 * Throws a RangeError that names the row of the first input that is NaN or infinite: some backends
 * make a 0 of it, which nobody would notice. Each tensor is looked at once.
 */
export async function checkFinite(
  inputs: readonly Tensor[],
  { task, first = 0 }: { readonly task: string; readonly first?: number },
): Promise<void> {
  for (const input of inputs) {
    if (input.dtype !== 'float32' || finite.has(input.dataId)) continue
    const samples = input.shape[0]!
    const columns = input.size / samples
    const rows = Math.max(1, Math.floor(PART / columns))
    for (let start = 0; start < samples; start += rows) {
      checkAlive(input, { task, name: 'xs' })
      const part = slice(input, start, Math.min(rows, samples - start))
      const values = await part.data().finally(() => part.dispose())
      const wrong = firstNonFinite(values)
      if (wrong < 0) continue
      throw held(values[wrong], { task, row: first + start + Math.floor(wrong / columns) })
    }
    finite.add(input.dataId)
  }
}
