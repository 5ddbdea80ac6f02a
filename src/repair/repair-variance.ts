import type { LayersModel } from '@tensorflow/tfjs-layers'
import { whileBusy } from '../internal/busy-models.js'
import { checkFunction } from '../internal/check-function.js'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkSignal } from '../internal/check-signal.js'
import { copyOptions } from '../internal/copy-options.js'
import { type ModelWeight, modelWeights } from '../internal/model-weights.js'
import { anything } from '../internal/option-checks.js'
import { readValues, type WeightValues, writeValues } from '../internal/weight-values.js'
import { layoutOf } from '../layer-kinds/layout.js'
import { registeredKind } from '../layer-kinds/registered-kinds.js'
import { applyBoundMask } from '../masks/apply-mask.js'
import type { Mask } from '../masks/mask.js'
import { hasInputRows } from '../statistics/layer-inputs.js'
import type { GatheringProgress, ScoringSamples } from '../types.js'
import { gatherMoments } from './gather-moments.js'
import type { SamplePass } from './look-at-samples.js'
import { type LeftWeight, openRepair, type Repair } from './open-repair.js'
import { checkSamples, withRepairSamples } from './repair-samples.js'
import { type RescaledWeight, rescaleKernel } from './rescale-kernel.js'

/** Options of {@link repairVariance}. */
export interface RepairVarianceOptions {
  /** Samples of the training data; their labels are not looked at. */
  readonly samples: ScoringSamples
  /**
   * Values of the masked weights in the dense network, by name, as {@link repairWeights} returns
   * them. @default the weights that the model has, which the mask is then applied to
   */
  readonly dense?: Readonly<WeightValues>
  /** Called as samples are seen, in one pass after the other. */
  readonly onProgress?: (progress: GatheringProgress) => void
  /** Ends the work at the next batch; the model is then as before. */
  readonly signal?: AbortSignal
}

/** The outcome of {@link repairVariance}: plain data. */
export interface RepairedVariance {
  readonly weights: readonly RescaledWeight[]
  /** Pruned weights that stay as they were, and the reason. */
  readonly left: readonly LeftWeight[]
}

const task = 'repair the variance'
const checks: OptionChecks<RepairVarianceOptions> = {
  samples: checkSamples,
  dense: anything,
  onProgress: checkFunction,
  signal: checkSignal,
}

/**
 * Applies a mask to a dense model, and gives the outputs of each unit the mean and the variance
 * back that they had before, by forward passes alone.
 *
 * z are the outputs of a unit before the activation, over samples and places; m and s their mean
 * and standard deviation in the dense network, m' and s' in the network with the mask, all layers
 * before repaired. The kernel of the unit is multiplied with s / s', and its bias b becomes b + m -
 * (s / s') m', both with m and m' without bias. A unit with s' = 0 keeps its kernel. Without a bias
 * the spread alone is restored. One pass over the samples for the dense network, and one for each
 * pruned kernel.
 *
 * Sums of fewer terms have less spread, layer after layer, until deep layers hardly see their
 * input: that is mended, at two numbers a unit. {@link repairWeights} fits each layer more closely;
 * after it give its `dense` here. Batch normalisation behind a layer undoes any scale once
 * `reEstimateBatchNorm` is called; here its statistics stay, and fit again.
 *
 * @param model A built model with the weights that the mask is about to prune, or with repaired
 *   ones beside `dense`; changed in place, as a whole or, on an error, not at all.
 * @param mask A mask that fits it.
 * @param options Samples, and the dense values where the model does not have them.
 * @returns The kernels with the share of their spread that the mask left; plain data, no tensor is
 *   left behind. Recurrent, depthwise, transposed kernels and tables stay, and are named.
 * @throws {TypeError | RangeError} If the mask or the samples do not fit the model, dense values
 *   are missing or 0 wherever the mask prunes, or an option is wrong.
 * @throws {Error} If another run is at work on the model.
 * @see Jordan et al. 2022, REPAIR: REnormalizing Permuted Activations for Interpolation Repair,
 *   arXiv 2211.08403: the same two numbers a unit, for networks between two others.
 *
 * @example
 * ```ts
 * import { tensor1d, tensor2d } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { computeMask, repairVariance } from 'tfjs-prune'
 *
 * const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] })
 * model.setWeights([tensor2d([[1], [2]]), tensor1d([0])])
 * const mask = await computeMask(model, { density: 0.5 })
 * const samples = { xs: [[0, 0], [0, 2], [2, 0], [2, 2]], ys: [0, 1, 0, 1] }
 * const { weights } = await repairVariance(model, mask, { samples })
 * // Of the variance 1 + 4 the mask leaves 4.
 * if (Math.abs(weights[0]!.deviationLeft - Math.sqrt(4 / 5)) > 1e-6) throw new Error('unexpected')
 * const kernel = model.getWeights()[0]!.dataSync()
 * if (Math.abs(kernel[1]! - Math.sqrt(5)) > 1e-6) throw new Error('the spread is back')
 * ```
 */
export async function repairVariance(
  model: LayersModel,
  mask: Mask,
  options: RepairVarianceOptions,
): Promise<RepairedVariance> {
  checkOptions(options, { task, checks })
  const own = copyOptions(options, checks)
  return whileBusy(
    model,
    async () => {
      const { samples, dense, signal } = own
      const repair = await openRepair(model, mask, { task, suits, dense })
      const weights = await withRepairSamples(
        model,
        { samples, need: 'inputProducts', signal },
        (labelled) => repair.run(() => rescale(model, repair, { ...own, samples: labelled })),
      )
      return { weights, left: repair.left }
    },
    task,
  )
}

/** Whether the outputs of a kernel are those of its layer, step by step. */
const suits = (weight: ModelWeight) =>
  hasInputRows(weight) && !registeredKind(weight.className)?.recurrent

async function rescale(
  model: LayersModel,
  { bound, suited, dense, write }: Repair,
  options: RepairVarianceOptions & SamplePass,
): Promise<RescaledWeight[]> {
  const kernels = suited.map(({ weight }) => weight)
  const weights = bound.map(({ weight }) => weight)
  const present = options.dense && (await readValues(weights))
  if (present) write(() => writeValues(weights, dense))
  const before = await gatherMoments(model, kernels, options)
  write(() => {
    if (present) writeValues(weights, present)
    applyBoundMask(bound)
  })
  const biases = new Map(
    modelWeights(model)
      .filter((weight) => layoutOf(weight).use === 'shift')
      .map((weight) => [weight.owner, weight]),
  )
  const reports: RescaledWeight[] = []
  for (const kernel of kernels) {
    const after = (await gatherMoments(model, [kernel], options)).get(kernel.name)!
    const bias = biases.get(kernel.owner)
    const moments = { before: before.get(kernel.name)!, after }
    const { assign, report } = await rescaleKernel(kernel, bias, moments)
    write(() => {
      assign()
      // A bias may be pruned too.
      applyBoundMask(bound)
    })
    reports.push(report)
  }
  return reports
}
