import type { EvaluateArtifacts } from '../artifacts/measured-artifacts.js'
import type { ArtifactSource } from '../artifacts/model-source.js'
import { checkFunction } from '../internal/check-function.js'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkSignal } from '../internal/check-signal.js'
import { copyOptions } from '../internal/copy-options.js'
import { anything, required } from '../internal/option-checks.js'
import type { SelectionOptions } from '../select/selection-options.js'
import { checkDensity } from './check-density.js'
import { type ComputeMaskOptions, pieceChecks, task } from './step-options.js'

/** Options of `pruneWeights` for a graph model, a handler or artifacts. */
export interface PruneArtifactsOptions<S extends ArtifactSource = ArtifactSource>
  extends Pick<
    ComputeMaskOptions,
    'density' | 'criterion' | 'allocate' | 'granularity' | 'previous' | 'signal'
  > {
  /** Which weights may be pruned. @default all that operations multiply with or look up in */
  readonly select?: Pick<SelectionOptions, 'include' | 'exclude' | 'limits'>
  /**
   * Counts the misses of the model before and after. For a GraphModel it is given that one, and
   * then another one of its class, which is disposed afterwards; for a handler or artifacts,
   * artifacts.
   * @default misses are not measured, and the report says so
   */
  readonly evaluate?: EvaluateArtifacts<S>
}

const { criterion, allocate, granularity } = pieceChecks
const checks: OptionChecks<PruneArtifactsOptions> = {
  density: required(checkDensity),
  criterion,
  allocate,
  granularity,
  select: (value) => checkOptions(value as object, { task: 'select weights', checks: choices }),
  previous: anything,
  signal: checkSignal,
  evaluate: checkFunction,
}
const choices: OptionChecks<NonNullable<PruneArtifactsOptions['select']>> = {
  include: anything,
  exclude: anything,
  limits: anything,
}

/**
 * A copy of the options. Throws unless they exist, are of the right types, and can be followed
 * without layers.
 */
export function checkedArtifactsOptions(options: PruneArtifactsOptions): PruneArtifactsOptions {
  checkOptions(options, { task, checks })
  const { criterion: own, allocate: shares, granularity: groups } = options
  const { needs = [], compensate } = own ?? shares?.criterion ?? {}
  if (needs.length > 0 || compensate) {
    const wanted = 'a criterion of weights alone for a model without layers, such as magnitude()'
    throw new RangeError(`Cannot ${task}: expected ${wanted}, got one that needs statistics`)
  }
  if (!groups?.joint && !groups?.complete) return copyOptions(options, checks)
  const wanted = 'elements() or nOfM({ of }) for a model without layers'
  const remedy = 'load the LayersModel that it was converted from'
  throw new RangeError(`Cannot ${task}: expected ${wanted}, got ${groups.name}: ${remedy}`)
}
