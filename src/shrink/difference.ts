import { abs, dispose, max, mul, sub, sum, type Tensor, tidy } from '@tensorflow/tfjs-core'

/** Values below it count as that large. */
const FLOOR = 1e-6

/** How far two tensors are apart. */
export interface Difference {
  /** The largest difference as a share of the largest value wanted. */
  readonly share: number
  /** All values of both are finite. */
  readonly finite: boolean
}

/** Compares a tensor with one that should be the same. */
export async function differenceOf(wanted: Tensor, got: Tensor): Promise<Difference> {
  const ends = tidy(() => {
    const apart = abs(sub(wanted, got))
    // The largest value of some backends passes over NaN. A value that is not finite gives NaN
    // times 0; a sum of large values alone would overflow.
    return [max(abs(wanted)), max(apart), sum(mul(wanted, 0)), sum(mul(apart, 0))]
  })
  const values = await Promise.all(ends.map(async (end) => (await end.data())[0]!))
  dispose(ends)
  const [largest, most] = values
  return { share: most! / (largest! + FLOOR), finite: values.every(Number.isFinite) }
}
