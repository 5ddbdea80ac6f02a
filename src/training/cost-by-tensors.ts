import { dispose, engine, type Scalar, type Tensor, tensor } from '@tensorflow/tfjs-core'
import type { LayerVariable } from '@tensorflow/tfjs-layers'
import type { Cost, Rows } from '../types.js'

/**
 * The cost of outputs in plain arrays by a function of tensors.
 *
 * The function throws a RangeError if the cost has no gradient at the outputs, or one at any of the
 * weights: an engine holds these elsewhere, and it would be lost.
 */
export function costByTensors(
  costOf: (outputs: Tensor) => Scalar,
  weights: readonly LayerVariable[] = [],
): (outputs: Rows) => Cost {
  return ({ values, shape }) => {
    const outputs = tensor(values, shape, 'float32')
    const at = [outputs, ...weights.map((weight) => weight.read())]
    const { value, grads } = engine().gradients(() => costOf(outputs), at, undefined, true)
    const [found, ...others] = grads as (Tensor | undefined)[]
    const read = weights.find((_, i) => others[i])
    if (!found || read) {
      const got = read?.originalName ?? 'something else'
      throw new RangeError(
        `Cannot train with an engine: expected a loss of the outputs alone, got one of ${got}. ` +
          'Leave out the engine.',
      )
    }
    const gradient = found.dataSync() as Float32Array
    const cost = { value: value.dataSync()[0]!, gradient }
    dispose([outputs, value, found])
    return cost
  }
}
