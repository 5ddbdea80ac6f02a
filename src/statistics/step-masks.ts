import {
  cast,
  logicalAnd,
  mul,
  reshape,
  sum,
  type Tensor,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core'

/** The steps of a tensor that count: bool, over its first axes; null where all do. */
export type StepMask = Tensor | null

/** A tensor with 0 at the steps that do not count. */
export function keepSteps(tensor: Tensor, mask: StepMask): Tensor {
  return mask ? where(spread(mask, tensor.shape), tensor, zerosLike(tensor)) : tensor
}

/** The number of places that count, of as many in each step. */
export function countPlaces(places: number, mask: StepMask): number | Tensor {
  return mask ? mul(sum(cast(mask, 'float32')), places / mask.size) : places
}

/** The steps that count in both masks, of which the first has fewer axes. */
export function bothMasks(samples: StepMask, steps: StepMask): StepMask {
  return samples && steps ? logicalAnd(spread(samples, steps.shape), steps) : (samples ?? steps)
}

/** A mask that lines up with the first axes of a shape. */
function spread(mask: Tensor, shape: readonly number[]): Tensor {
  return reshape(
    mask,
    shape.map((side, axis) => (axis < mask.rank ? side : 1)),
  )
}
