import { markUsed } from '../../certify/calibration-data.js'
import type { Certificate, CertifiedLevel } from '../../certify/certificate.js'
import { checkApart } from '../../certify/check-apart.js'
import { conclude } from '../../certify/conclude.js'
import { likeliestThreshold } from '../../certify/likeliest-threshold.js'
import { paretoFront } from '../../certify/pareto-front.js'
import type { Plan } from '../../certify/plan.js'
import { testLevel } from '../../certify/test-level.js'
import { type Scoring, scoresOf } from '../../certify/test-rounds.js'
import { weightsFingerprint } from '../../certify/weights-fingerprint.js'
import { applyTrained, type Round } from '../../rounds/round.js'
import type { Evaluate, NumberArray } from '../../types.js'
import { whileOpen } from '../model/open-model.js'
import type { ValueType } from '../model/value-type.js'
import { turnsUntil } from '../model/work.js'
import type { CertifyFilesOptions } from './certify-files-options.js'
import { defaultTypes } from './narrowest-options.js'
import { storeTypes } from './store-types.js'
import type { StoredModel } from './stored-model.js'
import { withStored } from './with-stored.js'

const task = 'certify'

/** A file that was looked at on the tuning samples. */
export interface FileCandidate<T extends ValueType = ValueType> {
  /** Number of the round; 0 is the dense network. */
  readonly round: number
  /** Kept share of the prunable weights. */
  readonly density: number
  readonly type: T
  /** Bytes of the file, without a decision threshold. */
  readonly bytes: number
  /** The threshold that is most likely to pass. */
  readonly threshold: number
  /** Estimated chance that it passes, in [0, 1]. */
  readonly chance: number
}

/** The options, the plan of the tests, and the ways to measure the samples. */
export interface FileTests<T extends ValueType> extends CertifyFilesOptions<T> {
  readonly plan: Plan
  readonly tune: Evaluate
  readonly scoring: Scoring
}

/** A candidate, its file, and the tuning samples as it scores them. */
interface Candidate<T extends ValueType> extends FileCandidate<T> {
  readonly stored: StoredModel
  readonly tuning: { readonly labels: NumberArray; readonly scores: NumberArray }
}

/** Certifies the files of rounds; the model ends with other weights. */
export async function certifyStored<T extends ValueType>(
  rounds: readonly Round[],
  options: FileTests<T>,
): Promise<{ certificate: Certificate; candidates: readonly FileCandidate<T>[] }> {
  const types = new Set(options.types ?? (defaultTypes as readonly ValueType[] as readonly T[]))
  const all: FileCandidate<T>[] = []
  let front: readonly Candidate<T>[] = []
  for (const [done, round] of rounds.entries()) {
    const progress = (share: number) => options.onProgress?.((0.9 * (done + share)) / rounds.length)
    const found = await candidatesOf(round, { ...options, types: [...types], onProgress: progress })
    all.push(...found.map(({ stored: _, tuning: __, ...candidate }) => candidate))
    front = paretoFront([...front, ...found])
  }
  if (front.length === 0) {
    const got = `none of ${types.size} that can`
    throw new RangeError(`Cannot ${task}: expected a type that holds the weights, got ${got}`)
  }
  const certificate = await testFront(front, options)
  options.onProgress?.(1)
  return { certificate, candidates: all }
}

/** One round as each type, each with the threshold that is most likely to pass. */
async function candidatesOf<T extends ValueType>(
  round: Round,
  options: FileTests<T>,
): Promise<Candidate<T>[]> {
  const { mask, density } = round
  const { model, select, signal, tune, plan, onProgress } = options
  applyTrained(model, round)
  const types = options.types!
  const how = { select, task, turn: turnsUntil(signal), onStored: () => {} }
  const { candidates } = await whileOpen(model, { mask, task }, (opened) =>
    storeTypes(opened, types, how),
  )
  const found: Candidate<T>[] = []
  for (const { type, bytes, stored } of candidates) {
    signal?.throwIfAborted()
    const { scores, labels } = await withStored(model, stored, () => tune(model, { signal }))
    const tuned = likeliestThreshold(labels!, scores!, tuningOf(plan))
    const tuning = { labels: labels!, scores: scores! }
    found.push({ round: round.round, density, type, bytes, ...tuned, stored, tuning })
    onProgress?.(found.length / candidates.length)
  }
  return found
}

function tuningOf({ positiveClass, positives, negatives, ...plan }: Plan) {
  const { maximumFalseNegativeRate, maximumFalsePositiveRate, confidence } = plan
  const promise = { maximumFalseNegativeRate, maximumFalsePositiveRate, confidence }
  return { positiveClass, positives, negatives, ...promise }
}

/** Tests the files of the front in their order until the first that fails. */
async function testFront<T extends ValueType>(
  front: readonly Candidate<T>[],
  options: FileTests<T>,
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
