import type { LayersModel } from '@tensorflow/tfjs-layers'
import { modelWeights } from '../internal/model-weights.js'
import { readWeights, writeWeights } from '../internal/weight-values.js'
import type { Round } from '../rounds/round.js'
import { writeTrained } from '../rounds/write-trained.js'
import type { Evaluate } from '../types.js'
import { type CalibrationData, markUsed } from './calibration-data.js'
import type { Certificate, CertifiedLevel } from './certificate.js'
import { checkApart } from './check-apart.js'
import { conclude } from './conclude.js'
import type { Plan } from './plan.js'
import { testLevel } from './test-level.js'
import { tunedThreshold } from './tuning-data.js'
import { weightsFingerprint } from './weights-fingerprint.js'

/** The plan of the tests, the samples, and the way to score them. */
export interface RoundTests {
  readonly model: LayersModel
  readonly calibration: CalibrationData
  readonly plan: Plan
  readonly scoring: Scoring
  /** Measures the tuning samples; without it the evaluations of the rounds are taken. */
  readonly tune: Evaluate | undefined
  readonly reusesCalibration?: boolean
  readonly signal?: AbortSignal
}

/** Tests the rounds in their order; the model has its own weights again afterwards. */
export async function testRounds(
  rounds: readonly Round[],
  options: RoundTests,
): Promise<Certificate> {
  const { model, plan, scoring, tune, signal } = options
  const own = await readWeights(model)
  let reused: boolean | undefined
  const tested: CertifiedLevel[] = []
  try {
    for (const round of rounds) {
      writeTrained(modelWeights(model), round)
      const given = { evaluation: round.evaluation, evaluate: tune, plan, signal }
      const fixed = plan.method === 'fixed-sequence'
      const tuned = fixed ? await tunedThreshold(model, given) : undefined
      const fingerprint = await weightsFingerprint(model)
      reused ??= markUsed(options)
      const scored = await scoresOf(model, scoring)
      if (tuned && tested.length === 0)
        checkApart({ tuning: tuned, calibration: scored }, { task: 'certify' })
      const { threshold } = tuned ?? {}
      const facts = { round: round.round, density: round.density, threshold, fingerprint }
      tested.push(testLevel({ ...facts, ...scored }, plan))
      if (!tested.at(-1)!.passed) break
    }
  } finally {
    writeWeights(model, own)
  }
  return conclude(plan, tested, reused)
}

/** The calibration samples, as they are scored with each network. */
export interface Scoring {
  readonly evaluate: Evaluate
  /** Class of each sample as first read. */
  readonly labels: readonly number[]
  readonly signal: AbortSignal | undefined
}

/** Scores and labels of the samples. Throws where a dataset gives others than at first. */
export async function scoresOf(model: LayersModel, { evaluate, labels: first, signal }: Scoring) {
  const { scores, labels } = await evaluate(model, { signal })
  const sorted = (classes: ArrayLike<number>) => Float64Array.from(classes).sort()
  const [wanted, got] = [sorted(first), sorted(labels!)]
  if (wanted.length === got.length && wanted.every((label, i) => label === got[i]))
    return { scores: scores!, labels: labels! }
  throw new RangeError(
    'Cannot certify: expected a dataset that gives the same samples in each reading, got others',
  )
}
