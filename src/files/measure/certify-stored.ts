import type { Certificate } from '../../certify/certificate.js'
import { paretoFront } from '../../certify/pareto-front.js'
import { modelWeights } from '../../internal/model-weights.js'
import type { Round } from '../../rounds/round.js'
import { writeTrained } from '../../rounds/write-trained.js'
import type { Evaluate } from '../../types.js'
import { whileOpen } from '../model/open-model.js'
import type { ValueType } from '../model/value-type.js'
import { turnsUntil } from '../model/work.js'
import type { CertifyFilesOptions } from './certify-files-options.js'
import { defaultTypes } from './narrowest-options.js'
import { storeTypes } from './store-types.js'
import { type FrontFile, type FrontTests, testFront, tuned } from './test-front.js'
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
export interface FileTests<T extends ValueType>
  extends CertifyFilesOptions<T>,
    Pick<FrontTests, 'plan' | 'scoring'> {
  readonly tune: Evaluate
}

/** A candidate, its file, and the tuning samples as it scores them. */
type Candidate<T extends ValueType> = FileCandidate<T> & FrontFile

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
  writeTrained(modelWeights(model), round)
  const types = options.types!
  const how = { select, task, turn: turnsUntil(signal), onStored: () => {} }
  const { candidates } = await whileOpen(model, { mask, task }, (opened) =>
    storeTypes(opened, types, how),
  )
  const found: Candidate<T>[] = []
  for (const { type, bytes, stored } of candidates) {
    signal?.throwIfAborted()
    const evaluation = await withStored(model, stored, () => tune(model, { signal }))
    found.push({ round: round.round, density, type, bytes, stored, ...tuned(evaluation, plan) })
    onProgress?.(found.length / candidates.length)
  }
  return found
}
