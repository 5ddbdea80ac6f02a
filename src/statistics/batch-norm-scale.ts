import { reshape, type Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { unitAxesOf } from '../granularity/kernel-axes.js'
import { isFirstOfTwo } from '../internal/layer-class.js'
import { containerOf } from '../internal/model-graph.js'
import type { ModelWeight } from '../internal/model-weights.js'
import { normsBehind } from '../internal/norms-behind.js'

/**
 * Scales gamma of the batch normalisation that alone takes in what the weight's layer puts out: a
 * new tensor.
 */
export function batchNormScale(model: LayersModel, weight: ModelWeight): Tensor {
  const { name, owner, shape } = weight
  const axes = unitAxesOf(weight)
  const own = shape.map((side, axis) => (axes.includes(axis) ? side : 1))
  const [norm, ...others] = new Set(
    isFirstOfTwo(weight) ? [] : normsBehind(containerOf(model), owner),
  )
  const gamma = (others.length === 0 ? norm : undefined)?.weights.find(({ originalName }) =>
    originalName.endsWith('gamma'),
  )
  const size = own.reduce((product, side) => product * side, 1)
  if (gamma && (gamma.shape[0] as number) === size) return reshape(gamma.read(), own)
  const got = gamma ? `one of ${gamma.shape[0]} scales for ${size} units` : 'none'
  throw new RangeError(
    `Cannot gather batchNormScale of ${name}: expected a batch normalisation with a scale right behind its layer, got ` +
      `${got}: leave it out with the option select`,
  )
}
