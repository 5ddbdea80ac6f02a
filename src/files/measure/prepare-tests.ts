import type { LayersModel } from '@tensorflow/tfjs-layers'
import {
  type CalibrationData,
  calibrationEvaluate,
  calibrationLabels,
  checkPlaces,
  checkUnseen,
  checkUnused,
} from '../../certify/calibration-data.js'
import { makePlan } from '../../certify/plan.js'
import type { Risks } from '../../certify/risks.js'
import type { CertifyRunOptions } from '../../certify/run-options.js'
import { checkTuning, type TuningData, tuningEvaluate } from '../../certify/tuning-data.js'
import { whileBusy } from '../../internal/busy-models.js'
import { checkSide } from '../../internal/check-side.js'
import type { Evaluate, NumberArray } from '../../types.js'
import type { FrontTests } from './test-front.js'

/** The promise and the samples of a certificate of files, whatever makes them. */
export interface FileSamples extends Risks, CertifyRunOptions {
  readonly model: LayersModel
  readonly positiveClass: number
  readonly label?: number
  readonly tuning?: TuningData
  readonly calibration: CalibrationData
  readonly trainedOn?: NumberArray
}

/** The plan of the tests, and the ways to score both sets of samples. */
export interface PreparedTests extends Pick<FrontTests, 'plan' | 'scoring'> {
  /** Measures the tuning samples; undefined where there are none. */
  readonly tune: Evaluate | undefined
}

/** Checks the samples of a certificate and plans its tests; no sample counts as used by it. */
export async function prepareTests(options: FileSamples): Promise<PreparedTests> {
  const { model, calibration, tuning, signal } = options
  checkSide(options, 'certify')
  checkUnseen(calibration)
  if (tuning !== undefined) checkTuning(tuning, calibration)
  const labels = await calibrationLabels(options)
  checkPlaces(options, labels.length)
  const plan = makePlan(labels, { ...options, method: 'pareto', levels: 1 })
  checkUnused(options)
  const evaluate = calibrationEvaluate(options)
  const tune = tuning && tuningEvaluate({ ...options, tuning })
  const check = async () => {
    for (const one of [evaluate, tune]) await one?.check?.(model)
  }
  // A run may have put other weights in for a while.
  await whileBusy(model, check, 'certify')
  return { plan, tune, scoring: { evaluate, labels, signal } }
}
