import type { Certificate } from '../../certify/certificate.js'
import type { DecisionThreshold } from '../../certify/decision-threshold.js'
import type { Evaluation } from '../../types.js'
import type { ValueType } from '../model/value-type.js'

/** A type that was tried: its bytes and its misses. */
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

/** The trials behind the answer of {@link narrowest}. */
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
  /**
   * The tests of the types within the budget, with `certify`: nothing is promised where its
   * `accepted` is null. Left out where no type is within the budget, and no sample is used then.
   */
  readonly certificate?: Certificate
}

/** The answer of {@link narrowest}; look at `feasible` first. */
export type NarrowestResult<T extends ValueType = ValueType> =
  | (NarrowTrials<T> & {
      readonly feasible: true
      readonly type: T
      /** Threshold and certificate for the file, with `certify`: the option of the savers. */
      readonly decision?: DecisionThreshold
    })
  | (NarrowTrials<T> & {
      readonly feasible: false
      readonly type: undefined
      readonly decision?: undefined
    })
