import type { Reader } from './connections.js'
import { readKernel } from './kernel-view.js'

/**
 * The sum of constant times weight that constant inputs add to each output of a layer, gate
 * by gate, at every place. `values` holds the constants of the inputs that go, 0 for all others. Undefined where
 * nothing is added.
 */
export async function biasShift(
  { calls, worker, reads }: Reader,
  values: Float64Array,
): Promise<Float64Array | undefined> {
  if (values.every((value) => value === 0)) return undefined
  const layer = calls[0]!.workers[worker]!
  const { inputs, columns, places, at } = await readKernel(layer, { beforeShift: true, reads })
  const shift = new Float64Array(columns)
  for (let input = 0; input < inputs; input++) {
    if (values[input] === 0) continue
    for (let place = 0; place < places; place++) {
      for (let column = 0; column < columns; column++)
        shift[column]! += values[input]! * at(place, input, column)
    }
  }
  return shift
}
