import type { LayersModel } from '@tensorflow/tfjs-layers'
import { type CalibrationData, markUsed } from '../../certify/calibration-data.js'
import type { Certificate, CertifiedLevel } from '../../certify/certificate.js'
import { checkApart } from '../../certify/check-apart.js'
import { conclude } from '../../certify/conclude.js'
import { likeliestThreshold } from '../../certify/likeliest-threshold.js'
import type { FrontCandidate } from '../../certify/pareto-front.js'
import type { Plan } from '../../certify/plan.js'
import { testLevel } from '../../certify/test-level.js'
import { type Scoring, scoresOf } from '../../certify/test-rounds.js'
import { weightsFingerprint } from '../../certify/weights-fingerprint.js'
import type { Evaluation, NumberArray } from '../../types.js'
import type { StoredModel } from './stored-model.js'
import { withStored } from './with-stored.js'

const task = 'certify'

/** A file, its threshold and its chance to pass, and the tuning samples as it scores them. */
export interface FrontFile
  extends FrontCandidate,
    Pick<CertifiedLevel, 'round' | 'density' | 'threshold'> {
  readonly type: string
  readonly stored: StoredModel
  readonly tuning: { readonly labels: NumberArray; readonly scores: NumberArray }
}

/** The plan of the tests, the calibration samples, and the way to score them. */
export interface FrontTests {
  readonly model: LayersModel
  readonly calibration: CalibrationData
  readonly plan: Plan
  readonly scoring: Scoring
  readonly reusesCalibration?: boolean
  readonly signal?: AbortSignal
}

/** The likeliest threshold of a file and its chance to pass, by its scores of tuning samples. */
export function tuned(
  { labels, scores }: Pick<Evaluation, 'labels' | 'scores'>,
  { positiveClass, positives, negatives, ...plan }: Plan,
): Pick<FrontFile, 'threshold' | 'chance' | 'tuning'> {
  const { maximumFalseNegativeRate, maximumFalsePositiveRate, confidence } = plan
  const promise = { maximumFalseNegativeRate, maximumFalsePositiveRate, confidence }
  const counts = { positiveClass, positives, negatives }
  const tuning = { labels: labels!, scores: scores! }
  return { ...likeliestThreshold(tuning.labels, tuning.scores, { ...promise, ...counts }), tuning }
}

/**
 * Tests the files of a front in their order until the first that fails; the model has its own
 * weights again afterwards.
 */
export async function testFront(
  front: readonly FrontFile[],
  options: FrontTests,
): Promise<Certificate> {
  const { model, scoring, signal } = options
  const plan = { ...options.plan, levels: front.length }
  const reused = markUsed(options)
  const tested: CertifiedLevel[] = []
  for (const { stored, tuning, ...file } of front) {
    signal?.throwIfAborted()
    const scored = await withStored(model, stored, async () => ({
      ...(await scoresOf(model, scoring)),
      fingerprint: await weightsFingerprint(model),
    }))
    if (tested.length === 0) checkApart({ tuning, calibration: scored }, { task })
    tested.push(testLevel({ ...file, ...scored }, plan))
    if (!tested.at(-1)!.passed) break
  }
  return conclude(plan, tested, reused)
}
