import type { TrainingPoint } from '../types.js'

/** How long the training of a round is; steps are unknown for a dataset. */
interface TrainingLength {
  readonly epochs: number
  readonly steps: number | undefined
}

/** Throws if nothing is left of a round after the point that the rewinder goes back to. */
export function checkCapture(capture: TrainingPoint, { epochs, steps }: TrainingLength): void {
  const [unit, wanted, last] =
    'epoch' in capture ? ['epoch', capture.epoch, epochs] : ['step', capture.step, steps]
  if (last === undefined || wanted < last) return
  throw new RangeError(
    `Cannot rewind: expected a round to pass ${unit} ${wanted}, got one that ends after ${last}`,
  )
}
