import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { ModelSource } from '../../artifacts/model-source.js'
import { checkFunction } from '../../internal/check-function.js'
import type { OptionCheck, OptionChecks } from '../../internal/check-options.js'
import { checkSignal } from '../../internal/check-signal.js'
import { describe } from '../../internal/describe.js'
import { anything, checkChoice, required } from '../../internal/option-checks.js'
import type { Mask } from '../../masks/mask.js'
import type { Selector } from '../../select/selector.js'
import { compressedTypes } from '../codecs/codecs.js'
import type { CompressedType, ValueType } from '../model/value-type.js'
import { quantisedTypes } from '../stock/stock-codecs.js'
import type { EvaluateSource } from './measured-source.js'
import { checkMissBudget } from './miss-budget.js'
import { checkCertify, type NarrowestCertifyOptions } from './narrowest-certify-options.js'

/** Options of {@link narrowest}. */
export interface NarrowestOptions<
  T extends ValueType = CompressedType,
  S extends ModelSource = LayersModel,
> {
  /**
   * Largest number of false negatives: of the evaluation's positive class, or of each class that is
   * named, such as `{ 1: 3, 2: 0 }`.
   */
  readonly budget: number | Readonly<Record<number, number>>
  /**
   * Measures the model with the weights that a file gives back, such as `evaluateOn` on
   * validation data. For a GraphModel it is given another one of that class, which is disposed
   * afterwards; for a handler or artifacts, artifacts.
   */
  readonly evaluate: EvaluateSource<S>
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
   * Ends in a certificate: the answer is the smallest file within the budget that keeps a promise
   * on new data, by calibration samples that nothing has seen. For a LayersModel.
   *
   * @default no certificate
   */
  readonly certify?: S extends LayersModel ? NarrowestCertifyOptions : never
  /**
   * Called after each type is stored, and after each is measured, with the share of the work that
   * is done, in (0, 1].
   */
  readonly onProgress?: (fraction: number) => void
  /** Stops while types are stored, and between two that are measured; rejects with its reason. */
  readonly signal?: AbortSignal
}

/** The types that are tried where none are named. */
export const defaultTypes: readonly CompressedType[] = [
  'codebook4',
  'codebook5',
  'codebook6',
  'int8',
  'float16',
  'float32',
]

/** Throws unless the value is a list of types. */
export const checkTypes: OptionCheck = (types, { task }) => {
  if (!Array.isArray(types))
    throw new TypeError(`Cannot ${task}: expected a list as types, got ${describe(types)}`)
  if (types.length === 0)
    throw new RangeError(`Cannot ${task}: expected at least one type, got none`)
  const known = [...new Set<ValueType>([...compressedTypes, ...quantisedTypes])]
  for (const type of types) checkChoice(type, known, { task, name: 'a type' })
}

/** Checks of the options; mask and selector are checked where they meet the model. */
export const checks: OptionChecks<NarrowestOptions<ValueType>> = {
  budget: required(checkMissBudget),
  evaluate: required(checkFunction),
  types: checkTypes,
  mask: anything,
  select: anything,
  onProgress: checkFunction,
  signal: checkSignal,
  certify: checkCertify,
}
