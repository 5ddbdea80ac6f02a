import { progressOf } from '../../internal/at-once.js'
import type { Evaluation } from '../../types.js'
import type { OpenedModel } from '../model/opened-model.js'
import type { ValueType } from '../model/value-type.js'
import { turnsUntil } from '../model/work.js'
import type { TrialTests } from './certify-trials.js'
import type { MeasuredFiles } from './measured-source.js'
import { judgeMisses } from './miss-budget.js'
import { defaultTypes, type NarrowestOptions } from './narrowest-options.js'
import type { NarrowestResult, NarrowTrial, RefusedType } from './narrowest-result.js'
import { type Candidate, storeTypes } from './store-types.js'
import type { StoredModel } from './stored-model.js'

const task = 'find the narrowest type'

/** The options of the search, and the tests of a certificate where one is asked for. */
export type SearchOptions<T extends ValueType> = Pick<
  NarrowestOptions<T>,
  'budget' | 'types' | 'select' | 'onProgress' | 'signal'
> & { readonly tests?: TrialTests | undefined }

/** A type with its file, and its misses in words. */
type Trial<T extends ValueType> = NarrowTrial<T> & {
  readonly words: string
  readonly stored: StoredModel
}

/** Tries the types from the smallest file to the largest. */
export async function tryTypes<T extends ValueType>(
  model: OpenedModel,
  measured: MeasuredFiles,
  options: SearchOptions<T>,
): Promise<NarrowestResult<T>> {
  const { select, signal, tests } = options
  const onProgress = progressOf(options, task)
  // Without types, T is CompressedType.
  const types = options.types ?? (defaultTypes as readonly ValueType[] as readonly T[])
  signal?.throwIfAborted()
  const { words: before, ...original } = judged(await measured.original(), options)
  tests?.check(original.evaluation)
  // Half of the steps store a type, and half of them measure one; the tests of a certificate follow.
  const steps = 2 * new Set(types).size
  const onStep = (done: number) => onProgress?.((tests ? 0.9 : 1) * (done / steps))
  const how = { select, task, turn: turnsUntil(signal), onStored: onStep }
  const { candidates, refused } = await storeTypes(model, types, how)
  const trials = await measureTypes(candidates, measured, { ...options, steps, onStep })
  const answer = await choose(trials, { before, refused, tests })
  if (tests) onProgress?.(1)
  const table = trials.map(({ words: _, stored: __, ...trial }) => trial)
  return { ...answer, original, table, refused }
}

function judged(evaluation: Evaluation, { budget }: Pick<SearchOptions<ValueType>, 'budget'>) {
  return { ...judgeMisses(evaluation, budget, task), evaluation }
}

/** Measures the files up to the first within the budget; all of them where some are tested next. */
async function measureTypes<T extends ValueType>(
  candidates: readonly Candidate<T>[],
  measured: MeasuredFiles,
  options: SearchOptions<T> & { steps: number; onStep: (done: number) => void },
): Promise<Trial<T>[]> {
  const { signal, tests, steps, onStep } = options
  const trials: Trial<T>[] = []
  for (const { type, bytes, stored } of candidates) {
    signal?.throwIfAborted()
    const trial = { type, bytes, stored, ...judged(await measured.stored(stored), options) }
    trials.push(trial)
    const isLast = trials.length === candidates.length || (!tests && trial.feasible)
    onStep(isLast ? steps : steps / 2 + trials.length)
    if (isLast) break
  }
  return trials
}

interface Chosen<T extends ValueType> {
  /** Misses of the model as it stands. */
  readonly before: string
  readonly refused: readonly RefusedType<T>[]
  readonly tests: TrialTests | undefined
}

type Answer<T extends ValueType> =
  | Omit<NarrowestResult<T> & { readonly feasible: true }, 'original' | 'table' | 'refused'>
  | Omit<NarrowestResult<T> & { readonly feasible: false }, 'original' | 'table' | 'refused'>

/** The smallest type within the budget, or the smallest of these that is certified. */
async function choose<T extends ValueType>(
  trials: readonly Trial<T>[],
  { before, refused, tests }: Chosen<T>,
): Promise<Answer<T>> {
  const within = trials.filter(({ feasible }) => feasible)
  const [smallest] = within
  if (!smallest) {
    const cannot = refused.length > 0 ? `, ${refused.length} cannot hold the model` : ''
    const tried = `none of ${trials.length} types is within the budget${cannot}`
    const reason = `${tried}; the model as it stands: ${before}`
    return { feasible: false, type: undefined, reason }
  }
  const chosen = ({ type, words }: Trial<T>) => {
    return { feasible: true as const, type, reason: `${type}: ${words}` }
  }
  if (!tests) return chosen(smallest)
  const { certificate, decision } = await tests.certify(within)
  const accepted = decision && within.find(({ type }) => type === certificate.accepted?.type)
  if (accepted) {
    const answer = chosen(accepted)
    const reason = `${answer.reason}; certificate: ${certificate.reason}`
    return { ...answer, reason, decision, certificate }
  }
  const types = within.map(({ type }) => type).join(', ')
  const reason = `within the budget: ${types}; no certificate: ${certificate.reason}`
  return { feasible: false, type: undefined, reason, certificate }
}
