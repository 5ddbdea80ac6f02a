import { reshape, type Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { containerOf } from '../internal/model-graph.js'
import { type ModelWeight, modelWeights } from '../internal/model-weights.js'
import { layoutOf, makesOutputs } from '../layer-kinds/layout.js'
import { normsBehind } from '../layer-kinds/norms-behind.js'
import { unitAxes } from '../layer-kinds/weight-axes.js'

/**
 * Scales gamma of the batch normalisation that alone takes in the outputs of the weight's layer: a
 * new tensor.
 */
export function batchNormScale(model: LayersModel, weight: ModelWeight): Tensor {
  const { own, scale } = normScale(model, weight)
  return reshape(scale.variable, own)
}

/** These scales, and their shape beside the weight; throws where there are none. */
export function normScale(model: LayersModel, weight: ModelWeight) {
  const { name, owner, shape } = weight
  const axes = unitAxes(weight)
  const own = shape.map((side, axis) => (axes.includes(axis) ? side : 1))
  const norms = makesOutputs(weight) ? normsBehind(containerOf(model), owner) : []
  const [norm, ...others] = new Set(norms)
  const scale = modelWeights(model).find(
    (other) => other.owner === norm && layoutOf(other).use === 'scale',
  )
  const found = others.length === 0 ? scale : undefined
  const size = own.reduce((product, side) => product * side, 1)
  if (found?.shape[0] === size) return { own, scale: found }
  const got = found ? `one of ${found.shape[0]} scales for ${size} units` : 'none'
  const wanted = 'expected a batch normalisation with a scale right behind its layer'
  throw new RangeError(
    `Cannot gather batchNormScale of ${name}: ${wanted}, got ${got}: ` +
      'leave it out with the option select',
  )
}
