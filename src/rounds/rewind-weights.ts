import { Tensor, tensor, tidy, type Variable } from '@tensorflow/tfjs-core'
import type { ModelWeight } from '../internal/model-weights.js'
import { assignValues, type WeightValues } from '../internal/weight-values.js'
import type { ResolvedModel } from '../select/resolve-model.js'
import type { Rewinder, RewoundWeight } from '../types.js'
import { drawInitial } from './draw-initial.js'

/** Where a run can go back to. */
export interface RewindSources {
  readonly initial: Readonly<WeightValues>
  /** Values at the rewinder's capture point; W0 without one. */
  readonly captured: Readonly<WeightValues>
  readonly round: number
}

/**
 * Sets every weight to the values that the rewinder wants. The trained values are those that the
 * weights hold. Frozen weights are treated as statistics, so that nothing draws them anew.
 */
export function rewindWeights(
  { model, weights }: Pick<ResolvedModel, 'model' | 'weights'>,
  rewinder: Rewinder,
  sources: RewindSources,
): void {
  // Asked anew: the training function may have frozen a layer since the run began.
  const trained = new Set(model.trainableWeights.map((weight) => weight.read()))
  for (const weight of weights) {
    const { name, variable } = weight
    if (trained.has(variable)) {
      const next = tidy(() => restart(rewinder, weight, sources))
      variable.assign(next)
      next.dispose()
    } else if (rewinder.statistics === 'rewound') assignValues(variable, sources.captured[name]!)
  }
}

function restart(
  rewinder: Rewinder,
  weight: ModelWeight,
  { initial, captured, round }: RewindSources,
): Tensor {
  const { name, variable } = weight
  // Getters: a rewinder that never looks at W0 does not pay for a tensor of it.
  const seen: RewoundWeight = {
    name,
    round,
    get initial() {
      return asTensor(initial, weight.name, variable)
    },
    get captured() {
      return asTensor(captured, weight.name, variable)
    },
    trained: variable,
    draw: (seed) => drawInitial(weight, seed),
  }
  const next = rewinder.weights(seen)
  if (!(next instanceof Tensor) || next.shape.join() !== variable.shape.join()) {
    const got = next instanceof Tensor ? `shape [${next.shape.join(', ')}]` : typeof next
    throw new TypeError(
      `Cannot rewind ${name} with ${rewinder.name}: expected a tensor of shape [${variable.shape.join(', ')}], got ${got}`,
    )
  }
  // A clone, since the answer may be the variable itself.
  return next.clone()
}

function asTensor(values: Readonly<WeightValues>, name: string, { shape }: Variable): Tensor {
  return tensor(values[name]!, shape)
}
