import { type Tensor, tidy } from '@tensorflow/tfjs-core'
import { floatValues } from './float-values.js'

/** Host values of a tensor that is computed in a tidy of its own. */
export async function valuesOf(compute: () => Tensor): Promise<Float32Array> {
  // A criterion may answer with one of its inputs; a clone is ours to dispose.
  const result = tidy(() => compute().clone())
  try {
    return await floatValues(result)
  } finally {
    result.dispose()
  }
}
