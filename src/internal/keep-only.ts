import {
  cast,
  engine,
  getBackend,
  getKernel,
  mul,
  type Tensor,
  tidy,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core'

/**
 * Kernel of inputs `values`, float32, and `mask`, bool, of one shape: the values where the mask is
 * 1, +0 elsewhere. A backend that has it does in one pass what {@link keepOnly} is otherwise
 * composed of. With the attribute `overwrite` it does so in place, unless another tensor shares the
 * values' memory.
 */
export const KEEP_ONLY = 'tfjs-prune>KeepOnly'

/**
 * The values where the mask is 1, and +0 elsewhere, whatever was there: NaN, infinity or -0.
 *
 * tf.where takes 300 times as long on the stock wasm backend as a product with the mask. `finite`
 * says that the product will do, for values that are finite and where a -0 does no harm.
 */
export function keepOnly<T extends Tensor>(
  values: T,
  mask: Tensor,
  { finite = false, overwrite = false } = {},
): T {
  const backend = getBackend()
  if (values.dtype === 'float32' && getKernel(KEEP_ONLY, backend)) {
    return engine().runKernel(KEEP_ONLY, { values, mask }, { overwrite }) as T
  }
  if (finite && backend === 'wasm') return tidy(() => mul(values, cast(mask, values.dtype)))
  return tidy(() => where(mask, values, zerosLike(values)))
}
