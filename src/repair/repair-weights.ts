import type { LayersModel } from '@tensorflow/tfjs-layers'
import { whileBusy } from '../internal/busy-models.js'
import { checkFunction } from '../internal/check-function.js'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkSignal } from '../internal/check-signal.js'
import { copyOptions } from '../internal/copy-options.js'
import { checkNotNegative, oneOf } from '../internal/option-checks.js'
import type { WeightValues } from '../internal/weight-values.js'
import type { Mask } from '../masks/mask.js'
import { hasInputRows } from '../statistics/layer-inputs.js'
import type { GatheringProgress, ScoringSamples } from '../types.js'
import { fitAtOnce, fitInTurn } from './fit-kernels.js'
import { type LeftWeight, openRepair } from './open-repair.js'
import type { RefitWeight } from './refit-weight.js'
import { checkSamples, withRepairSamples } from './repair-samples.js'

/** Options of {@link repairWeights}. */
export interface RepairWeightsOptions {
  /** Samples of the training data; their labels are not looked at. */
  readonly samples: ScoringSamples
  /** Share of the mean diagonal of E[x x^T] that is added to it; finite, at least 0. @default 0.01 */
  readonly damping?: number
  /**
   * The inputs that a layer is fitted on: those in the network with the mask, all layers before it
   * repaired, or those in the dense network. @default 'repaired'
   */
  readonly inputs?: 'repaired' | 'dense'
  /** Called as samples are seen: of one kernel, or with `'dense'` inputs of all at once. */
  readonly onProgress?: (progress: GatheringProgress) => void
  /** Ends the work at the next batch; the model is then as before. */
  readonly signal?: AbortSignal
}

/** The outcome of {@link repairWeights}: plain data. */
export interface RepairedWeights {
  /** Kernels with new values. */
  readonly weights: readonly RefitWeight[]
  /** Pruned weights whose kept elements stay as they were, and the reason. */
  readonly left: readonly LeftWeight[]
  /** The values of the masked weights before, as {@link repairVariance} takes them. */
  readonly dense: Readonly<WeightValues>
}

const task = 'repair the weights'
const checks: OptionChecks<RepairWeightsOptions> = {
  samples: checkSamples,
  damping: checkNotNegative,
  inputs: oneOf('repaired', 'dense'),
  onProgress: checkFunction,
  signal: checkSignal,
}

/**
 * Applies a mask to a dense model, and moves the weights that are kept so that each layer does as
 * before as far as they can: one-shot repair of any mask, without training.
 *
 * For each output of a kernel, with weights w of which S stay, x its inputs in the dense network
 * and x' those in the network with the mask, over samples and places:
 *
 *     w'_S = argmin E[(x'_S^T w'_S - x^T w)^2] + damping mean diag(H) |w'_S - w_S|^2,  H = E[x' x'^T]
 *
 * by a Cholesky factor in float64. Biases stay. Layer by layer it is exact: no other weights with
 * this mask come nearer to the dense outputs of a layer. The mask may come from any criterion.
 *
 * - `inputs: 'repaired'`: x' are the inputs that the layer will see, all layers before it repaired,
 *   so that it makes up for their mistakes too. Each kernel takes a pass over the samples through
 *   both networks.
 * - `inputs: 'dense'`: x' = x, one pass for all kernels: the update of `layerwiseObs`, to the same
 *   values.
 *
 * {@link repairToLoss} looks at the loss of the whole network instead. SNOWS, which fits outputs of
 * deeper layers by Newton steps without a Hessian, is not built.
 *
 * Kernels whose outputs share their inputs are repaired: dense, convolution, pointwise, the input
 * kernels of recurrent layers. Others are masked and named in `left`. An output costs a sixth of
 * the cube of the weights that stay; with `'dense'` inputs of those that go where they are fewer,
 * and then a kernel of d inputs the inverse of H as well (d^3 / 2).
 *
 * @param model A built model with the weights that the mask is about to prune; changed in place, as
 *   a whole or, on an error, not at all.
 * @param mask A mask that fits it.
 * @param options Samples and damping.
 * @returns The kernels with the share of their outputs' energy that is lost by the mask alone and
 *   after the repair; plain data, no tensor is left behind.
 * @throws {TypeError | RangeError} If the mask or the samples do not fit the model, or an option is
 *   wrong.
 * @throws {RangeError} If the weights that the mask prunes are 0 already: there is nothing left to
 *   repair by. If H is singular to float32, as with fewer samples and places than inputs and a
 *   damping of 0.
 * @throws {Error} If another run is at work on the model.
 * @see Dong, Chen and Pan 2017, Learning to Prune Deep Neural Networks via Layer-wise Optimal Brain
 *   Surgeon, arXiv 1705.07565.
 * @see Lucas and Mazumder 2024, Preserving Deep Representations in One-Shot Pruning (SNOWS), arXiv
 *   2411.18376.
 *
 * @example
 * ```ts
 * import { tensor2d } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { computeMask, repairWeights } from 'tfjs-prune'
 *
 * const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [2], useBias: false })] })
 * model.setWeights([tensor2d([[1], [2]])])
 * const mask = await computeMask(model, { density: 0.5 })
 * // The two inputs are nearly the same: the second can do the work of both.
 * const samples = { xs: [[1, 1], [2, 2.1], [3, 2.9]], ys: [0, 1, 0] }
 * const { weights } = await repairWeights(model, mask, { samples })
 * const [first, second] = model.getWeights()[0]!.dataSync()
 * if (first !== 0 || Math.abs(second! - 3) > 0.05) throw new Error('1 + 2')
 * if (weights[0]!.lostAfter > weights[0]!.lostBefore / 50) throw new Error('hardly anything is lost')
 * ```
 */
export async function repairWeights(
  model: LayersModel,
  mask: Mask,
  options: RepairWeightsOptions,
): Promise<RepairedWeights> {
  checkOptions(options, { task, checks })
  const own = copyOptions(options, checks)
  return whileBusy(
    model,
    async () => {
      const repair = await openRepair(model, mask, { task, suits: hasInputRows })
      const { samples: given, inputs, signal } = own
      const weights = await withRepairSamples(
        model,
        { samples: given, need: 'inputProducts', signal },
        (samples) =>
          repair.run(() =>
            inputs === 'dense'
              ? fitAtOnce(model, repair, { ...own, samples, task })
              : fitInTurn(model, repair, { ...own, samples, task }),
          ),
      )
      return { weights, left: repair.left, dense: repair.dense }
    },
    task,
  )
}
