import { dispose, type Scalar, type Tensor, tensor, valueAndGrads } from '@tensorflow/tfjs-core'
import type { Cost, Rows } from '../types.js'

/** The cost of outputs in plain arrays by a function of tensors. */
export function costByTensors(costOf: (outputs: Tensor) => Scalar): (outputs: Rows) => Cost {
  return ({ values, shape }) => {
    const outputs = tensor(values, shape, 'float32')
    const { value, grads } = valueAndGrads((one: Tensor) => costOf(one))([outputs])
    const gradient = grads[0]!.dataSync() as Float32Array
    const cost = { value: value.dataSync()[0]!, gradient }
    dispose([outputs, value, ...grads])
    return cost
  }
}
