import type { Optimizer } from '@tensorflow/tfjs-core'
import type { CustomCallbackArgs, LayersModel } from '@tensorflow/tfjs-layers'
import { checkFree } from '../internal/busy-models.js'
import { applyMask } from '../masks/apply-mask.js'
import type { Mask } from '../masks/mask.js'
import { computeMask } from '../step/compute-mask.js'
import { cubicDensity } from './cubic-density.js'
import { GradualOptimizer } from './gradual-optimizer.js'
import { type GradualPrunerOptions, type GradualState, task } from './gradual-options.js'
import { finishStep, openRun } from './gradual-run.js'

/** Prunes a model while it is trained; made by {@link gradualPruner}. */
export interface GradualPruner {
  /** The present mask. */
  readonly mask: Mask
  /** Finished steps and the mask, to be stored with the model and given to `resume`. */
  readonly state: GradualState
  /**
   * Wraps an optimizer so that the weights pruned so far are 0 after each of its steps. `dispose()`
   * of the wrapper frees the given optimizer too.
   */
  readonly optimizer: (optimizer: Optimizer) => Optimizer
  /**
   * To be awaited after each step of an own loop; makes the next mask when its step has come, and
   * says whether it did.
   */
  readonly step: () => Promise<boolean>
  /** Calls `step` after each batch of `model.fit` or `model.fitDataset`. */
  readonly callback: () => CustomCallbackArgs
  /**
   * Frees the masks of its optimizers, not the optimizers given to it; a later step of theirs, or
   * of the pruner, is an error.
   */
  readonly dispose: () => void
}

/**
 * Prunes a model while it is trained, a little every so many steps, in one run without rounds.
 *
 * The density follows {@link cubicDensity}. When its step has come, the weights are scored as they
 * are then, the lowest of those left go, exactly as many as the density and the allocator say, and
 * they are 0 from then on. Compile the model, or drive your loop, with `optimizer(...)` of the
 * pruner: it holds each mask after every step, whatever momentum or Adam remember of a weight from
 * before. (Stock centred RMSProp turns kept weights that no longer lead to an output into NaN: take
 * another.) Sibling of `prune`, which trains anew after each mask and goes back to earlier weights.
 *
 * @param model A built model. Changed in place: at once if the first density is below 1 at step 0,
 *   or on `resume`.
 * @param options Final density, steps, and the pieces of {@link computeMask}. A criterion that
 *   compares with the weights before training gets those that the model has now, unless `initial`
 *   has others; its `round` is the number of finished steps. Criteria that need samples gather
 *   their statistics anew for each mask; those that need `movement` do not work.
 * @returns The pruner, once the options were tried on the model. `dispose()` it when training is
 *   over.
 * @throws {TypeError | RangeError} If a density or step is out of range, as {@link computeMask}
 *   does, or if the mask of `resume` does not fit the model, or is above the density at or past
 *   `end`; nothing is changed then. `step` throws
 *   as `computeMask` does, such as for weights that became NaN, an Error if the step before was not
 *   awaited or the pruner is disposed, and the reason of an aborted `signal`: that step does not
 *   count, and the model keeps the mask that it has.
 * @throws {Error} If a run is at work on the model.
 * @see Zhu and Gupta 2017, To prune, or not to prune, arXiv 1710.01878.
 *
 * @example
 * ```ts
 * import { randomNormal, train } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { gradualPruner } from 'tfjs-prune'
 *
 * const model = sequential({ layers: [layers.dense({ units: 4, inputShape: [4], useBias: false })] })
 * const pruner = await gradualPruner(model, { density: 0.25, end: 8, every: 2 })
 * model.compile({ optimizer: pruner.optimizer(train.adam(0.01)), loss: 'meanSquaredError' })
 * const options = { batchSize: 4, epochs: 3, verbose: 0 as const, callbacks: pruner.callback() }
 * await model.fit(randomNormal([16, 4]), randomNormal([16, 4]), options)
 * const alive = model.getWeights()[0]!.dataSync().filter((value) => value !== 0)
 * if (alive.length !== 4 || pruner.mask.kept !== 4) throw new Error('a quarter of 16 weights stays')
 * pruner.dispose()
 * ```
 */
export async function gradualPruner(
  model: LayersModel,
  options: GradualPrunerOptions,
): Promise<GradualPruner> {
  checkFree(model, task)
  const run = await openRun(model, options)
  checkFree(model, task)
  const { complete } = run
  applyMask(model, complete(run.mask))
  const optimizers: GradualOptimizer[] = []
  let isOver = false
  const checkInUse = () => {
    if (isOver)
      throw new Error(`Cannot ${task}: expected a pruner that is in use, got one that is disposed`)
  }
  const step = oneAtATime(async () => {
    checkInUse()
    return finishStep(run, optimizers)
  })
  return {
    get mask() {
      return run.mask
    },
    get state() {
      return { step: run.finished, mask: run.mask }
    },
    optimizer: (inner) => {
      checkInUse()
      const wrapper = new GradualOptimizer(inner, complete(run.mask), model)
      optimizers.push(wrapper)
      return wrapper
    },
    step,
    callback: () => ({ onBatchEnd: async () => void (await step()) }),
    dispose: () => {
      isOver = true
      for (const optimizer of optimizers) optimizer.release()
    },
  }
}

/** A function that refuses to be called before the call before has settled. */
function oneAtATime<T>(work: () => Promise<T>): () => Promise<T> {
  let busy = false
  return async () => {
    if (busy)
      throw new Error(`Cannot ${task}: expected the step before to be awaited, got another one`)
    busy = true
    try {
      return await work()
    } finally {
      busy = false
    }
  }
}
