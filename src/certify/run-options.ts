import type { OptionChecks } from '../internal/check-options.js'
import { checkSignal } from '../internal/check-signal.js'
import { anything, checkCount, checkFlag } from '../internal/option-checks.js'

/** Options of all functions that run a model on calibration samples. */
export interface CertifyRunOptions {
  /** The model's outputs; `'auto'`: as its last activation says. @default 'auto' */
  readonly output?: 'auto' | 'logits' | 'probabilities'
  /**
   * Whether calibration samples that a certificate was made with before are taken again: for the
   * same certificate once more, or where all that differs was fixed before the first. The
   * certificate says so among the facts that void it. @default false
   */
  readonly reusesCalibration?: boolean
  /** Samples a forward pass. @default 256, or those that the model's `batchInputShape` fixes */
  readonly batchSize?: number
  /** Stops between two batches with the signal's reason; the model has its own weights again. */
  readonly signal?: AbortSignal
}

/** Checks of these options. */
export const runChecks: OptionChecks<CertifyRunOptions> = {
  output: anything,
  reusesCalibration: checkFlag,
  batchSize: checkCount,
  signal: checkSignal,
}
