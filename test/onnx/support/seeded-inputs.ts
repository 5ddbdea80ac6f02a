import { type Tensor, tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { randomStream } from '../../../src/internal/random.js'
import { sizeOf } from '../../../src/internal/size-of.js'

/** How {@link seededInputs} makes its tensors. */
export interface InputOptions {
  readonly batch: number
  readonly seed?: number
  /** Sides of the inputs that are open, beside the batch. @default 4 */
  readonly open?: number
  /** Makes whole numbers below it: the places in the table of an embedding. @default values */
  readonly below?: number
}

/** Seeded inputs of a model, one for each that it has. The caller disposes them. */
export function seededInputs(
  model: LayersModel,
  { batch, seed = 1, open = 4, below }: InputOptions,
): Tensor[] {
  const { uniform } = randomStream(seed)
  return model.inputs.map(({ shape: sides, dtype }) => {
    const shape = sides.map((side, axis) => (axis === 0 ? batch : (side ?? open)))
    const values = Float32Array.from({ length: sizeOf(shape) }, () =>
      below === undefined ? 2 * uniform() - 1 : Math.floor(below * uniform()),
    )
    return tensor(values, shape, dtype)
  })
}
