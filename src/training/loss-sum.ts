import { add, dispose, mul, type Scalar, scalar, type Tensor, tidy } from '@tensorflow/tfjs-core'

/** The losses of an epoch so far. */
export interface LossSum {
  /** Counts a batch of `size` samples; the caller disposes its cost. */
  readonly add: (cost: Scalar | number, size: number) => void
  /** Mean loss of the samples, and their number. */
  readonly read: () => Promise<{ readonly loss: number; readonly samples: number }>
  readonly dispose: () => void
}

/** Adds losses up where they are: those on a device are read once, at the end. */
export function lossSum(): LossSum {
  let sum: Tensor = scalar(0)
  let [known, samples] = [0, 0]
  return {
    add: (cost, size) => {
      samples += size
      if (typeof cost === 'number') known += cost * size
      else {
        const before = sum
        sum = tidy(() => add(before, mul(cost, size)))
        dispose(before)
      }
    },
    read: async () => ({ loss: ((await sum.data())[0]! + known) / samples, samples }),
    dispose: () => sum.dispose(),
  }
}
