import { Tensor } from '@tensorflow/tfjs-core'
import { uncalledFactory } from '../internal/check-piece.js'
import { describe } from '../internal/describe.js'
import { divergence } from '../internal/divergence.js'
import { firstNonFinite, type WeightValues } from '../internal/weight-values.js'
import type { MaskedWeight } from '../masks/mask.js'
import { task } from '../step/step-options.js'
import type { Evaluate, Evaluation, Rewinder, TrainingResult } from '../types.js'
import type { Checkpoint } from './round.js'

/**
 * Throws if a weight is NaN or infinite; `when` ends the message's "finite weights ...", `mark` may
 * tell the error from others.
 */
export function checkFinite(
  values: Readonly<WeightValues>,
  when: string,
  mark = (error: RangeError) => error,
): void {
  for (const [name, value] of Object.entries(values)) {
    const index = firstNonFinite(value)
    if (index < 0) continue
    const got = `${value[index]} in ${name} at index ${index}`
    throw mark(new RangeError(`Cannot prune: expected finite weights ${when}, got ${got}`))
  }
}

/**
 * Throws if a pruned weight came back: a loop that does not hold the mask trains another network
 * than the one that is reported.
 */
export function checkHeld(
  values: Readonly<WeightValues>,
  held: readonly MaskedWeight[],
  round: number,
): void {
  for (const { name, values: kept } of held) {
    const value = values[name]!
    let alive = 0
    for (let i = 0; i < kept.length; i++) if (kept[i] === 0 && value[i] !== 0) alive++
    if (alive === 0) continue
    throw new RangeError(
      `Cannot finish round ${round}: expected pruned weights of ${name} to stay 0 in training, got ${alive} that came ` +
        'back. Wrap the optimizer with the hold function of the training context.',
    )
  }
}

/** Throws if round 0 never reached the point that the rewinder goes back to. */
export function checkCaptured(
  { name, capture }: Rewinder,
  checkpoint: Checkpoint | undefined,
): void {
  if (!capture || checkpoint) return
  throw new RangeError(
    `Cannot rewind with ${name}: expected round 0 to pass ${JSON.stringify(capture)}, got no such checkpoint. ` +
      'Train for longer, or call the checkpoint function of the training context in your loop.',
  )
}

/** Throws unless the caller's function gave an evaluation. */
export function checkEvaluation(evaluation: Evaluation, evaluate: Evaluate): void {
  if (typeof evaluation === 'function')
    throw uncalledFactory(evaluate, { task, name: 'evaluate', kind: 'an evaluation function' })
  const isPlain = !(evaluation instanceof Tensor || Array.isArray(evaluation))
  if (isPlain && Object.values(evaluation ?? {}).some((value) => typeof value === 'number')) return
  const got = describe(evaluation)
  throw new TypeError(
    `Cannot prune: expected evaluate to return an object with a number to watch, got ${got}`,
  )
}

/** Throws when a training function tells a loss that is no finite number. */
export function checkTraining({ loss }: TrainingResult, round: number): void {
  if (loss === undefined || Number.isFinite(loss)) return
  const message = `Cannot finish round ${round}: expected a finite training loss, got ${loss}`
  throw divergence(new RangeError(message))
}
