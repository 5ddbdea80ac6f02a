import { tidy } from '@tensorflow/tfjs-core'
import { task } from '../step/step-options.js'
import type { Run } from './run.js'

/**
 * Throws a RangeError where a criterion makes up for the pruned weights, and the rewinder looks at
 * no trained weight: it would write over the values that were made.
 */
export function checkCompensation({ resolved, options, rewinder }: Run): void {
  const [first] = resolved.prunable
  if (!options.criterion.compensate || !first) return
  let isRead = false
  tidy(() => {
    const { name, variable } = first
    const copy = () => variable.clone()
    const seen = {
      ...{ name, round: 1, initial: copy(), captured: copy(), draw: copy },
      get trained() {
        isRead = true
        return copy()
      },
    }
    try {
      rewinder.weights(seen)
    } catch {
      // An error of the rewinder itself is told in its round.
      isRead = true
    }
  })
  if (isRead) return
  throw new RangeError(
    `Cannot ${task}: expected a rewinder that keeps trained weights, such as fineTune(), beside a ` +
      `criterion that compensates, got ${rewinder.name}, which loses the compensated ones. ` +
      'needing(needs, criterion) makes a criterion that only scores.',
  )
}
