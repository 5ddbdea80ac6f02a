import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { copyOptions } from '../internal/copy-options.js'
import { type ModelWeight, modelWeights } from '../internal/model-weights.js'
import { anything, checkFlag, oneOf } from '../internal/option-checks.js'
import { endsOf } from './ends-of.js'
import {
  type FoundWeights,
  isKernel,
  prunableWeights,
  type SkippedLayer,
} from './prunable-weights.js'
import type { SelectionOptions } from './selection-options.js'
import { checkSelector, matches, type SelectableWeight } from './selector.js'
import { bounds, checkLimit } from './weight-limits.js'

/** A weight that may be pruned. */
export interface PrunableWeight extends SelectableWeight {
  /** Least number of elements that stay. */
  readonly minimumKept: number
  /** Largest number of elements that stay once pruning has begun. */
  readonly maximumKept: number
}

/** The outcome of {@link selectWeights}. */
export interface Selection {
  readonly weights: readonly PrunableWeight[]
  readonly skipped: readonly SkippedLayer[]
}

const checks: OptionChecks<SelectionOptions> = {
  include: anything,
  exclude: anything,
  biases: checkFlag,
  keepLastLayer: checkFlag,
  frozen: checkFlag,
  limits: checkLimits,
  unsupported: oneOf('skip', 'error'),
}

function checkLimits(limits: unknown): void {
  if (Array.isArray(limits)) return
  throw new TypeError(`Cannot select weights: expected a list as limits, got ${typeof limits}`)
}

/**
 * Finds the weights of a model that may be pruned.
 *
 * Nested models and wrappers are opened; a weight that several layers share appears once. Kernels
 * of the layer classes that {@link layerKind} knows are prunable, their biases on request.
 *
 * @param model A built model.
 * @param options The weights to include, to leave out and to bound.
 * @returns The prunable weights in the model's order, and the layers that were skipped because
 *   their class is unknown or they are frozen.
 * @throws {RangeError} If nothing is left to prune, a name or pattern matches nothing, a limit is
 *   out of range, or a layer class is unknown and `unsupported` is `'error'`.
 * @throws {TypeError} If a selector is of the wrong type.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { selectWeights } from 'tfjs-prune'
 *
 * const model = sequential({
 *   layers: [
 *     layers.dense({ name: 'hidden', units: 8, inputShape: [4] }),
 *     layers.dense({ name: 'out', units: 2 }),
 *   ],
 * })
 * const { weights } = selectWeights(model, { keepLastLayer: true })
 * if (weights.map(({ name }) => name).join() !== 'hidden/kernel')
 *   throw new Error('the classifier stays whole')
 * ```
 */
export function selectWeights(model: LayersModel, options: SelectionOptions = {}): Selection {
  return selectAmong(model, modelWeights(model), options)
}

/** As {@link selectWeights}, for a model whose weights are listed already. */
export function selectAmong(
  model: LayersModel,
  all: readonly ModelWeight[],
  options: SelectionOptions,
): Selection {
  checkOptions(options, { task: 'select weights', checks })
  const last = options.keepLastLayer ? lastLayers(model, all) : []
  return chooseWeights(prunableWeights(all, options), { ...copyOptions(options, checks), last })
}

/** Paths of the last layer that has a kernel, or of those before each of several outputs. */
function lastLayers(model: LayersModel, all: readonly ModelWeight[]): string[] {
  const kernels = all.filter(isKernel)
  if (model.outputs.length < 2) return kernels.slice(-1).map(({ layer }) => layer)
  const { last } = endsOf(model, all)
  return kernels.filter(({ owner }) => last.has(owner)).map(({ layer }) => layer)
}

/** The parts of a selection that do not ask for layers. */
export interface Choice extends Pick<SelectionOptions, 'include' | 'exclude' | 'limits'> {
  /** Paths of layers that stay whole. @default none */
  readonly last?: readonly string[]
}

/** Chooses among weights that may be pruned by their use. Throws as {@link selectWeights} does. */
export function chooseWeights(
  { described, skipped, left }: FoundWeights,
  choice: Choice,
): Selection {
  const { include, exclude, limits = [], last = [] } = choice
  if (described.length === 0) throw nothingToPrune(described, skipped)
  if (include !== undefined) checkSelector('include', include, described, left)
  if (exclude !== undefined) checkSelector('exclude', exclude, described, left)
  const chosen = described.filter(
    (weight) =>
      (include === undefined || matches(include, weight)) &&
      (exclude === undefined || !matches(exclude, weight)) &&
      !last.includes(weight.layer),
  )
  if (chosen.length === 0) throw nothingToPrune(described, skipped)
  for (const limit of limits) checkLimit(limit, described, left)
  return { weights: chosen.map((weight) => ({ ...weight, ...bounds(weight, limits) })), skipped }
}

function nothingToPrune(
  described: readonly SelectableWeight[],
  skipped: readonly SkippedLayer[],
): RangeError {
  const found =
    described.length > 0
      ? `a selection that leaves out all of ${described.map(({ name }) => name).join(', ')}`
      : ['none', ...skipped.map(({ layer, reason }) => `${layer} is skipped: ${reason}`)].join('; ')
  return new RangeError(
    `Cannot prune the model: expected at least one prunable weight, got ${found}`,
  )
}
