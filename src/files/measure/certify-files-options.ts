import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { CalibrationData } from '../../certify/calibration-data.js'
import { type Risks, riskChecks } from '../../certify/risks.js'
import type { TuningData } from '../../certify/tuning-data.js'
import { checkFunction } from '../../internal/check-function.js'
import type { OptionChecks } from '../../internal/check-options.js'
import { checkSignal } from '../../internal/check-signal.js'
import { anything, checkFlag, checkIndex, required } from '../../internal/option-checks.js'
import type { Selector } from '../../select/selector.js'
import type { NumberArray } from '../../types.js'
import type { CompressedType, ValueType } from '../model/value-type.js'
import { checkTypes } from './narrowest-options.js'

/** Options of {@link certifyFiles}. */
export interface CertifyFilesOptions<T extends ValueType = CompressedType> extends Risks {
  /** The model that was pruned; its weights are those of before when the promise settles. */
  readonly model: LayersModel
  /** Class that must not be missed; all others are negative. */
  readonly positiveClass: number
  /** Column of a head with several labels a sample. @default the model chooses one class */
  readonly label?: number
  /** The model's outputs; `'auto'`: as its last activation says. @default 'auto' */
  readonly output?: 'auto' | 'logits' | 'probabilities'
  /** Samples that thresholds and the front come from, such as those of validation. */
  readonly tuning: TuningData
  /** Samples that nothing else was done with. */
  readonly calibration: CalibrationData
  /** Indices of all samples used so far; needs `indices` of `calibration`. */
  readonly trainedOn?: NumberArray
  /** Whether samples of an earlier certificate are taken again, as in `certify`. @default false */
  readonly reusesCalibration?: boolean
  /**
   * The types to try, as in `narrowest`.
   *
   * @default ['codebook4', 'codebook5', 'codebook6', 'int8', 'float16', 'float32']
   */
  readonly types?: readonly T[]
  /**
   * The float32 weights that are stored in fewer bits. @default those of two dimensions and more
   */
  readonly select?: Selector
  /** Samples a forward pass. @default 256, or those that the model's `batchInputShape` fixes */
  readonly batchSize?: number
  /** Called after each file that is scored, with the share of the work that is done, in (0, 1]. */
  readonly onProgress?: (fraction: number) => void
  /** Stops between two batches with the signal's reason; the model has its own weights again. */
  readonly signal?: AbortSignal
}

/** Checks of the options; samples and selector are checked where they meet the model. */
export const checks: OptionChecks<CertifyFilesOptions<ValueType>> = {
  ...riskChecks,
  model: required(anything),
  positiveClass: required(checkIndex),
  label: checkIndex,
  output: anything,
  tuning: required(anything),
  calibration: required(anything),
  trainedOn: anything,
  reusesCalibration: checkFlag,
  types: checkTypes,
  select: anything,
  batchSize: anything,
  onProgress: checkFunction,
  signal: checkSignal,
}
