import type { Reader } from './connections.js'
import { readKernel } from './kernel-view.js'

/**
 * The sum of constant times weight that constant inputs add to each output of a layer, at every
 * place. `values` holds the constants of the inputs that go, 0 for all others. Undefined where
 * nothing is added.
 */
export async function biasShift(
  { calls }: Reader,
  values: Float64Array,
): Promise<Float64Array | undefined> {
  if (values.every((value) => value === 0)) return undefined
  const { inputs, outputs, places, at } = await readKernel(calls[0]!.layer, { beforeShift: true })
  const shift = new Float64Array(outputs)
  for (let input = 0; input < inputs; input++) {
    if (values[input] === 0) continue
    for (let place = 0; place < places; place++) {
      for (let output = 0; output < outputs; output++)
        shift[output]! += values[input]! * at(place, input, output)
    }
  }
  return shift
}
