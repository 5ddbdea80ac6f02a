import type { WeightValues } from '../internal/weight-values.js'
import type { ResolvedModel } from '../select/resolve-model.js'
import type { Rewinder, Schedule } from '../types.js'
import type { PruningOptions } from './pruning-options.js'

/** A run with its options checked, its defaults filled in and its model resolved. */
export interface Run {
  readonly resolved: ResolvedModel
  readonly options: PruningOptions
  readonly schedule: Schedule
  readonly rewinder: Rewinder
}

/** A run that can be trained. */
export interface OpenRun extends Run {
  /** W0, the values before training. */
  readonly initial: Readonly<WeightValues>
}
