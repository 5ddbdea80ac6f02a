import type { LayersModel } from '@tensorflow/tfjs-layers'
import { markCertified, wasCertified, wasSeen } from '../internal/seen-data.js'
import { evaluateUnseen } from '../training/evaluate-on.js'
import { labelsOf } from '../training/label-column.js'
import { predictDataset } from '../training/predict-dataset.js'
import { checkKeys, countSamples, isDataset } from '../training/training-data.js'
import type { ArrayData, Evaluate, NumberArray, SampleData } from '../types.js'
import { checkIndices, checkOnePerSample } from './check-indices.js'

/**
 * Samples that were kept back for a certificate, and their places in the whole data set where they
 * are known.
 */
export type CalibrationData = SampleData & CalibrationPlaces

/** Places beside calibration samples. */
export interface CalibrationPlaces {
  /**
   * Index of each sample in the whole data set, such as `calibration` of `splitByRole`; needs
   * `trainedOn`.
   */
  readonly indices?: NumberArray
}

const task = 'certify'

interface Calibration {
  readonly model: LayersModel
  readonly calibration: CalibrationData
  readonly label?: number
  readonly trainedOn?: NumberArray
  readonly signal?: AbortSignal
}

/** Throws if there are no samples, or training is known to have seen one of them. */
export function checkUnseen(calibration: CalibrationData): void {
  if (typeof calibration !== 'object' || calibration === null) {
    throw new TypeError(
      `Cannot certify: expected calibration as { xs, ys, indices? }, got ${String(calibration)}`,
    )
  }
  if (!wasSeen(calibration)) return
  throw new RangeError(
    'Cannot certify: expected calibration samples that nothing has seen, got some that fit(), evaluateOn(), auditHarm(), a criterion or another function has seen',
  )
}

/** Throws if a certificate was made with the samples before, and that was not said. */
export function checkUnused({ calibration, reusesCalibration }: Reuse): void {
  if (reusesCalibration || !wasCertified(calibration)) return
  throw new RangeError(
    'Cannot certify: expected calibration samples that no certificate was made with, got used ones; reusesCalibration takes them again, and the certificate says so',
  )
}

/**
 * Remembers that a certificate is made with the samples. Says whether one was before; throws where
 * another call was faster, or the caller has aborted.
 */
export function markUsed(options: Reuse & { readonly signal?: AbortSignal }): boolean {
  const { calibration, signal } = options
  signal?.throwIfAborted()
  checkUnused(options)
  const before = wasCertified(calibration)
  markCertified(calibration)
  return before
}

interface Reuse {
  readonly calibration: CalibrationData
  readonly reusesCalibration?: boolean
}

/** Measures a model on the samples, which count as unseen afterwards. */
export function calibrationEvaluate(
  options: Calibration & CalibrationReading,
): Required<Evaluate> & Evaluate {
  const { calibration, positiveClass, label, output = 'auto', batchSize } = options
  const { indices: _, ...samples } = calibration
  return evaluateUnseen(isDataset(calibration) ? calibration : (samples as ArrayData), {
    positiveClass,
    output,
    ...(label !== undefined && { label }),
    ...(batchSize !== undefined && { batchSize }),
  })
}

interface CalibrationReading {
  readonly positiveClass: number
  readonly output?: 'auto' | 'logits' | 'probabilities'
  readonly batchSize?: number
}

/** Class of each calibration sample; a dataset is read for it, batch by batch until the signal. */
export async function calibrationLabels({
  model,
  calibration,
  label,
  signal,
}: Calibration): Promise<readonly number[]> {
  if (!isDataset(calibration)) {
    checkKeys(calibration, task, ['indices'])
    countSamples(calibration, task)
    return labelsOf(calibration, { task, label })
  }
  const { ys } = await predictDataset(calibration, { model, task, signal })
  try {
    return labelsOf({ ys }, { task, label })
  } finally {
    ys.dispose()
  }
}

/** Throws unless the samples, where their places are known, are others than those trained on. */
export function checkPlaces({ calibration, trainedOn }: Calibration, samples: number): void {
  const { indices } = calibration
  if (indices === undefined && trainedOn === undefined) return
  if (indices === undefined || trainedOn === undefined) {
    const [wanted, got] = indices
      ? ['trainedOn', 'calibration.indices']
      : ['calibration.indices', 'trainedOn']
    throw new TypeError(`Cannot certify: expected ${wanted} as well, got ${got} only`)
  }
  checkOnePerSample(indices, { samples })
  checkIndices(indices, trainedOn)
}
