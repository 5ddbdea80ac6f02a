import type { LayersModel } from '@tensorflow/tfjs-layers'
import { describe } from '../internal/describe.js'
import { sharesData } from '../internal/seen-data.js'
import type { Round } from '../rounds/round.js'
import { evaluateOn } from '../training/evaluate-on.js'
import { countSamples, isDataset } from '../training/training-data.js'
import type { ArrayData, Evaluate, Evaluation, NumberArray } from '../types.js'
import type { CalibrationData } from './calibration-data.js'
import { checkIndices, checkOnePerSample } from './check-indices.js'
import { likeliestThreshold } from './likeliest-threshold.js'
import type { Plan } from './plan.js'

/**
 * Samples that thresholds come from, and their places in the whole data set where they are known.
 * Training and choices may have seen them; no calibration sample may be among them.
 */
export type TuningData = CalibrationData

interface Tuning {
  readonly tuning?: TuningData
  readonly calibration: CalibrationData
  readonly positiveClass: number
  readonly label?: number
  readonly output?: 'auto' | 'logits' | 'probabilities'
  readonly batchSize?: number
}

/** Throws if tuning and calibration samples are known to overlap, or places are left out. */
export function checkTuning(tuning: TuningData, calibration: CalibrationData): void {
  if (typeof tuning !== 'object' || tuning === null) {
    const got = describe(tuning)
    throw new TypeError(`Cannot certify: expected tuning as { xs, ys, indices? }, got ${got}`)
  }
  if (sharesData(tuning, calibration)) {
    throw new RangeError(
      'Cannot certify: expected tuning samples apart from the calibration samples, got an array or a tensor that both hold',
    )
  }
  if (tuning.indices === undefined) return
  if (calibration.indices === undefined)
    throw new TypeError(
      'Cannot certify: expected calibration.indices as well, got tuning.indices only',
    )
  if (!isDataset(tuning)) {
    const samples = countSamples(tuning as ArrayData, 'certify')
    checkOnePerSample(tuning.indices, { samples, of: 'tuning samples' })
  }
  checkIndices(calibration.indices, tuning.indices, 'tuning.indices')
}

/** Measures tuning samples as `evaluateOn` does; from then on they count as seen. */
export function tuningEvaluate(options: Tuning & { readonly tuning: TuningData }): Evaluate {
  const { tuning, positiveClass, label, output, batchSize } = options
  const { indices, ...samples } = tuning
  const evaluate = evaluateOn(isDataset(tuning) ? tuning : (samples as ArrayData), {
    positiveClass,
    ...(label !== undefined && { label }),
    ...(output !== undefined && { output }),
    ...(batchSize !== undefined && { batchSize }),
  })
  if (indices === undefined || !isDataset(tuning)) return evaluate
  const counting: Evaluate = async (model, context) => {
    const evaluation = await evaluate(model, context)
    checkOnePerSample(indices, { samples: evaluation.labels!.length, of: 'tuning samples' })
    return evaluation
  }
  return Object.assign(counting, { check: evaluate.check })
}

/** Throws unless the evaluation of each round can say a threshold for the class asked for. */
export function checkEvaluations(
  rounds: readonly Pick<Round, 'round' | 'evaluation'>[],
  options: Tuning,
): void {
  for (const { round, evaluation } of rounds) {
    const { scores, labels, positiveClass, label } = (evaluation ?? {}) as Partial<Evaluation>
    if (scores === undefined || labels === undefined) {
      throw new TypeError(
        `Cannot certify: expected tuning, or scores and labels in the evaluation of round ${round}, got neither`,
      )
    }
    const own = { positiveClass: positiveClass ?? options.positiveClass, label }
    for (const name of ['positiveClass', 'label'] as const) {
      if (own[name] === options[name]) continue
      const wanted = `an evaluation of round ${round} with ${name} ${options[name] ?? 'left out'}`
      throw new RangeError(`Cannot certify: expected ${wanted}, got ${own[name] ?? 'none'}`)
    }
  }
}

/**
 * The threshold of the network that stands in the model, by its tuning samples or its evaluation,
 * and their labels and scores.
 */
export async function tunedThreshold(
  model: LayersModel,
  { evaluation, evaluate, plan, signal }: TunedThreshold,
): Promise<{ threshold: number; labels: NumberArray; scores: NumberArray }> {
  const { scores, labels } = evaluate ? await evaluate(model, { signal }) : evaluation
  const { positiveClass, positives, negatives } = plan
  const { maximumFalseNegativeRate, maximumFalsePositiveRate, confidence } = plan
  const promise = { maximumFalseNegativeRate, maximumFalsePositiveRate, confidence }
  const counts = { positiveClass, positives, negatives }
  const { threshold } = likeliestThreshold(labels!, scores!, { ...promise, ...counts })
  return { threshold, labels: labels!, scores: scores! }
}

interface TunedThreshold {
  readonly evaluation: Evaluation
  readonly evaluate: Evaluate | undefined
  readonly plan: Plan
  readonly signal: AbortSignal | undefined
}
