import type { Optimizer } from '@tensorflow/tfjs-core'
import { divergence } from '../internal/divergence.js'
import { learningRateOf } from '../internal/learning-rate.js'
import type { Loss, TrainingContext } from '../types.js'
import type { FitOptions } from './fit-options.js'

/** A round whose training failed. */
interface Trained {
  readonly context: TrainingContext
  readonly optimizer: Optimizer
  readonly options: FitOptions
}

/** No batch is left behind the point that a rewinder resumes at. */
export function nothingLeft(
  { round, resumeAt: { epoch, batch } }: TrainingContext,
  epochs: number,
): RangeError {
  const got = `a rewinder that resumes at epoch ${epoch}${batch > 0 ? `, batch ${batch}` : ''}`
  return new RangeError(
    `Cannot train round ${round}: expected some of ${epochs} epochs to be left, got ${got}`,
  )
}

/** The training has left the numbers that can be told. */
export function diverged(
  expectation: string,
  { context, optimizer, options }: Trained,
  { loss, epoch }: { readonly loss: Loss; readonly epoch: number },
): RangeError {
  const settings = Object.entries(loss.settings ?? {})
  const made = settings.map(([name, setting]) => `${name} ${JSON.stringify(setting)}`).join(', ')
  const rate = learningRateOf(optimizer)
  const clip = options.clipNorm ? `a clipNorm below ${options.clipNorm}` : 'clipNorm: 5'
  return divergence(
    new RangeError(
      `Cannot train round ${context.round}: expected ${expectation} in epoch ${epoch} at learning rate ${rate} with ` +
        `${made || 'a custom loss'}. A lower learning rate, ${clip} or a smaller lambda helps.`,
    ),
  )
}
