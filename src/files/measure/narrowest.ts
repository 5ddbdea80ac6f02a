import type { LayersModel } from '@tensorflow/tfjs-layers'
import { whileBusy } from '../../internal/busy-models.js'
import { checkFunction } from '../../internal/check-function.js'
import { checkOptionNames } from '../../internal/check-option-names.js'
import { checkSignal } from '../../internal/check-signal.js'
import { describe } from '../../internal/describe.js'
import { checkChoice } from '../../internal/option-checks.js'
import { checkMask } from '../../masks/check-mask.js'
import type { Mask } from '../../masks/mask.js'
import type { Selector } from '../../select/selector.js'
import type { Evaluate, Evaluation } from '../../types.js'
import { unlessUnfit } from '../unfit-values.js'
import { type CompressedType, compressedTypes, type ValueType } from '../values/value-type.js'
import { checkMissBudget, judgeMisses } from './miss-budget.js'
import {
  bytesOfFiles,
  type StoredModel,
  type StoreOptions,
  storeAsStock,
  storeInContainer,
} from './stored-model.js'
import { keepingWeights, withStored } from './with-stored.js'

const TASK = 'find the narrowest type'
const STOCK: readonly ValueType[] = ['uint8', 'uint16']
const DEFAULT_TYPES: readonly CompressedType[] = [
  'codebook4',
  'codebook5',
  'codebook6',
  'int8',
  'float16',
  'float32',
]

/** Options of {@link narrowest}. */
export interface NarrowestOptions<T extends ValueType = CompressedType> {
  /**
   * Largest number of false negatives: of the evaluation's positive class, or of each class that is
   * named, such as `{ 1: 3, 2: 0 }`.
   */
  readonly budget: number | Readonly<Record<number, number>>
  /**
   * Measures the model with the weights that a file gives back, such as `evaluateOn` on
   * validation data.
   */
  readonly evaluate: Evaluate
  /**
   * The types to try: those of the container (`float16` too), and `uint8` and `uint16` for stock
   * files.
   *
   * @default ['codebook4', 'codebook5', 'codebook6', 'int8', 'float16', 'float32']
   */
  readonly types?: readonly T[]
  /**
   * Weights that it prunes are 0 in every type. @default none: zeros are where the model has them
   */
  readonly mask?: Mask
  /**
   * The float32 weights that are stored in fewer bits. @default those of two dimensions and more
   */
  readonly select?: Selector
  /**
   * Stops between two types, while they are stored and while they are measured; the promise rejects
   * with its reason.
   */
  readonly signal?: AbortSignal
}

/** What a type cost. */
export interface NarrowTrial<T extends ValueType = ValueType> {
  readonly type: T
  /** Bytes of the file: the container, or `model.json` and weights for `uint8` and `uint16`. */
  readonly bytes: number
  /** False negatives by class index; of `positive` where the evaluation does not name its class. */
  readonly falseNegatives: Readonly<Record<string, number>>
  /** All classes of the budget are within it. */
  readonly feasible: boolean
  readonly evaluation: Evaluation
}

/** A type that cannot hold the model. */
export interface RefusedType<T extends ValueType = ValueType> {
  readonly type: T
  /** The weight and its value, in words. */
  readonly reason: string
}

/** What the answer of {@link narrowest} rests on. */
export interface NarrowTrials<T extends ValueType = ValueType> {
  /** Why, in words with the numbers. */
  readonly reason: string
  /** The model as it stands, in float32 and without the mask. */
  readonly original: Pick<NarrowTrial, 'falseNegatives' | 'feasible' | 'evaluation'>
  /** The types that were tried, in ascending order of their bytes. */
  readonly table: readonly NarrowTrial<T>[]
  /**
   * The types that cannot hold the model, such as `float16` where a weight is above 65504, and why.
   */
  readonly refused: readonly RefusedType<T>[]
}

/** What {@link narrowest} answers; look at `feasible` first. */
export type NarrowestResult<T extends ValueType = ValueType> =
  | (NarrowTrials<T> & { readonly feasible: true; readonly type: T })
  | (NarrowTrials<T> & { readonly feasible: false; readonly type: undefined })

/**
 * Finds the smallest file whose weights keep the false negatives within a budget: accuracy alone
 * hides what rounding costs the rare class.
 *
 * Stores the model as every type, then goes from the smallest file to the largest: the model gets
 * the weights that the file gives back, `evaluate` measures it, and the first type with misses <=
 * budget in every class is the answer. Its own weights come back after each measurement to the bit,
 * also after an error, and if `evaluate` changes them. Save with that type:
 * `saveCompressed(model, path, { type, mask })`, or
 * `saveQuantised(model, path, { type, mask })` for `uint8` and `uint16`.
 *
 * The misses are counts on one set of samples, and the type is chosen by them: confirm it on
 * samples that had no part in it. A certificate of the model in float32 does not hold for the
 * narrower one: certify that one on fresh samples.
 *
 * @param model Any LayersModel; in the end it is as it was.
 * @param options The budget, how to measure, and the types.
 * @returns The type, and the table of what the types cost up to there (docs/guide/files.md prints
 *   one); `feasible: false` and no type when none is within the budget. Types that cannot hold a
 *   weight (a NaN; above 65504 in `float16`) are in `refused`.
 * @throws {TypeError} If an option is of the wrong type or does not exist, or a class of the budget
 *   is not the evaluation's positive one and `evaluate` returns no `labels` and `predictions`.
 * @throws {RangeError} If the budget is negative or names a class without samples, a type is
 *   unknown, or the selector names nothing. Nothing has changed then.
 * @throws {TypeError | RangeError} If the mask does not fit the model.
 * @throws {Error} If a run of `prune` is at work on the model. What `evaluate` throws comes
 *   through.
 *
 * @example
 * ```ts
 * import { tensor2d } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { evaluateOn } from 'tfjs-prune'
 * import { narrowest } from 'tfjs-prune/files'
 *
 * const model = sequential({ layers: [layers.dense({ units: 1, useBias: false, inputShape: [2] })] })
 * model.setWeights([tensor2d([[1], [-1]])])
 * const data = { xs: tensor2d([[2, 1], [3, 1], [1, 2], [1, 3]]), ys: [1, 1, 0, 0] }
 * const evaluate = evaluateOn(data, { positiveClass: 1 })
 * const found = await narrowest(model, { budget: { 1: 0, 0: 0 }, evaluate, types: ['float32', 'int8', 'codebook4'] })
 * if (!found.feasible) throw new Error(found.reason)
 * if (found.table.length !== 1) throw new Error('two values lose nothing in any type: the first one will do')
 * ```
 */
export async function narrowest<T extends ValueType = CompressedType>(
  model: LayersModel,
  options: NarrowestOptions<T>,
): Promise<NarrowestResult<T>> {
  checkOptions(options)
  if (options.mask !== undefined) checkMask(model, options.mask)
  return whileBusy(model, () => tryTypes(model, options), TASK)
}

async function tryTypes<T extends ValueType>(
  model: LayersModel,
  options: NarrowestOptions<T>,
): Promise<NarrowestResult<T>> {
  const { budget, evaluate, signal } = options
  const measure = async () => {
    const evaluation = await evaluate(model)
    return { ...judgeMisses(evaluation, budget, TASK), evaluation }
  }
  signal?.throwIfAborted()
  const { words: before, ...original } = await keepingWeights(model, async () => {
    await evaluate.check?.(model)
    return measure()
  })
  const { candidates, refused } = await storeAll(model, options)
  const table: NarrowTrial<T>[] = []
  for (const { type, stored } of candidates) {
    signal?.throwIfAborted()
    const { words, ...trial } = await withStored(model, stored, measure)
    table.push({ type, bytes: bytesOfFiles(stored), ...trial })
    if (trial.feasible)
      return { feasible: true, type, reason: `${type}: ${words}`, original, table, refused }
  }
  const cannot = refused.length > 0 ? `, ${refused.length} cannot hold the model` : ''
  const reason = `none of ${table.length} types is within the budget${cannot}; the model as it stands: ${before}`
  return { feasible: false, type: undefined, reason, original, table, refused }
}

interface Candidate<T extends ValueType> {
  readonly type: T
  readonly stored: StoredModel
}

/** The model in all types that can hold it, the smallest first. */
async function storeAll<T extends ValueType>(
  model: LayersModel,
  // Without types, T is CompressedType.
  {
    types = DEFAULT_TYPES as readonly ValueType[] as readonly T[],
    mask,
    select,
    signal,
  }: NarrowestOptions<T>,
): Promise<{ candidates: readonly Candidate<T>[]; refused: readonly RefusedType<T>[] }> {
  const candidates: Candidate<T>[] = []
  const refused: RefusedType<T>[] = []
  for (const type of new Set(types)) {
    signal?.throwIfAborted()
    const outcome = await unlessUnfit(() => store(model, type, { mask, select, task: TASK }))
    if ('value' in outcome) candidates.push({ type, stored: outcome.value })
    else refused.push({ type, ...outcome })
  }
  candidates.sort((a, b) => bytesOfFiles(a.stored) - bytesOfFiles(b.stored))
  return { candidates, refused }
}

function store(model: LayersModel, type: ValueType, options: StoreOptions): Promise<StoredModel> {
  const isStock = type === 'uint8' || type === 'uint16'
  return isStock ? storeAsStock(model, type, options) : storeInContainer(model, type, options)
}

function checkOptions(options: NarrowestOptions<ValueType>): void {
  checkOptionNames(options, {
    task: TASK,
    known: ['budget', 'evaluate', 'types', 'mask', 'select', 'signal'],
  })
  const { budget, evaluate, types = DEFAULT_TYPES, signal } = options
  checkMissBudget(budget, TASK)
  checkFunction(evaluate, { task: TASK, name: 'evaluate' })
  if (!Array.isArray(types))
    throw new TypeError(`Cannot ${TASK}: expected a list as types, got ${describe(types)}`)
  if (types.length === 0)
    throw new RangeError(`Cannot ${TASK}: expected at least one type, got none`)
  for (const type of types)
    checkChoice(type, [...compressedTypes, ...STOCK], { task: TASK, name: 'a type' })
  if (signal !== undefined) checkSignal(signal, { task: TASK, name: 'signal' })
}
