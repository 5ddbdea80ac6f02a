import type { LayersModel } from '@tensorflow/tfjs-layers'
import { whileBusy } from '../internal/busy-models.js'
import { checkFunction } from '../internal/check-function.js'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkSignal } from '../internal/check-signal.js'
import { copyOptions } from '../internal/copy-options.js'
import { checkNotNegative } from '../internal/option-checks.js'
import { assignValues, type WeightValues } from '../internal/weight-values.js'
import type { BoundWeight } from '../masks/check-mask.js'
import type { Mask } from '../masks/mask.js'
import type { GatheringProgress, ScoringSamples } from '../types.js'
import { checkRepaired } from './check-repaired.js'
import { fitToLoss } from './fit-to-loss.js'
import type { SamplePass } from './look-at-samples.js'
import { lossGradients } from './loss-gradients.js'
import { openRepair, type Repair } from './open-repair.js'
import { checkSamples, withRepairSamples } from './repair-samples.js'

const DAMPING = 0.1

/** Options of {@link repairToLoss}. */
export interface RepairToLossOptions {
  /**
   * Samples with their labels, and the loss. A `batchSize` says how many samples share a gradient;
   * else up to 256 samples make a batch each, and more samples 256 batches at most. The batches of
   * a dataset, and those of a model with a fixed batch, are taken as they are.
   */
  readonly samples: ScoringSamples
  /** Share of the mean diagonal of K that is added to it; finite, at least 0. @default 0.1 */
  readonly damping?: number
  /** Called as samples are seen. */
  readonly onProgress?: (progress: GatheringProgress) => void
  /** Ends the work at the next batch; the model is then as before. */
  readonly signal?: AbortSignal
}

/** The outcome of {@link repairToLoss}: plain data. */
export interface RepairedToLoss {
  /** Rise of the mean loss that the quadratic model foretells, by the mask alone; at least 0. */
  readonly riseBefore: number
  /** The same after the repair. */
  readonly riseAfter: number
  /** The values of the masked weights before, as {@link repairVariance} takes them. */
  readonly dense: Readonly<WeightValues>
}

const task = 'repair to the loss'
const checks: OptionChecks<RepairToLossOptions> = {
  samples: checkSamples,
  damping: checkNotNegative,
  onProgress: checkFunction,
  signal: checkSignal,
}

/**
 * Applies a mask to a dense model, and moves the weights that are kept so that the loss of each
 * batch changes as little as it can: one-shot repair of any mask, without training.
 *
 * With g_b the gradient of batch b at the dense weights w, summed over its samples, and d the
 * change of all weights that the mask knows, -w where it prunes, over n samples:
 *
 *     minimise  (1/n) sum_b (g_b . d)^2 / 2 + shift |d_S|^2 / 2
 *
 * over d_S, the change of those that stay; shift = damping mean diag(K), K = G_S G_S^T / n. The
 * square is the loss's quadratic model at a minimum, with the empirical Fisher matrix in the place
 * of the Hessian. So the loss should be a negative log-likelihood, such as `weightedCrossentropy`;
 * with weights of classes, samples of the rare class count for more. It is solved exactly, in
 * float64, one equation a batch. All kinds of layers are repaired; biases and other weights without
 * a mask stay.
 *
 * Measure the network after it: the quadratic model foretells little where it does not hold.
 *
 * - Far from the dense weights: where the mask prunes much, go down in levels, each from the
 *   weights that the one before has left.
 * - On samples that the network has learned by heart their gradients vanish, and it sees nothing.
 *   The repaired network may then be worse than the masked one; take other samples.
 * - A loss of pairs, such as `aucPairwise`, has gradients only in batches that hold both classes:
 *   give it a `batchSize`, and samples that are not in the order of their classes.
 *
 * {@link repairWeights} looks at the outputs of each layer instead and needs no labels. It held
 * further down on the X-rays that we measured, whose inputs are much alike; elsewhere try both.
 * This one is for layers that it leaves, too, and for a loss of your own.
 *
 * Memory: 4 bytes a batch for each weight that stays, and 8 for each pair of batches. Time: a
 * backward pass a batch, and the products of all pairs. A dataset is read twice; each of its batches
 * has a gradient of its own, however many there are.
 *
 * @param model A built model with the weights that the mask is about to prune; changed in place, as
 *   a whole or, on an error, not at all.
 * @param mask A mask that fits it.
 * @param options Samples and damping.
 * @returns The rises of the loss that the quadratic model foretells; plain data, no tensor is left
 *   behind.
 * @throws {TypeError | RangeError} If the mask or the samples do not fit the model, or an option is
 *   wrong.
 * @throws {RangeError} If the weights that the mask prunes are 0 already, gradients are not finite
 *   or all 0, or K is singular, as with two equal batches and a damping of 0.
 * @throws {Error} If another run is at work on the model, or its weights change meanwhile.
 * @see Benbaki et al. 2023, Fast as CHITA: Neural Network Pruning with Combinatorial Optimization,
 *   arXiv 2302.14623, for a given support and without its first-order term, which on few samples
 *   leads far from the weights. There the support is searched for too.
 *
 * @example
 * ```ts
 * import { tensor2d } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { computeMask, repairToLoss } from 'tfjs-prune'
 *
 * const out = layers.dense({ units: 1, activation: 'sigmoid', inputShape: [2], useBias: false })
 * const model = sequential({ layers: [out] })
 * model.setWeights([tensor2d([[0.5], [1]])])
 * const mask = await computeMask(model, { density: 0.5 })
 * // The two inputs are the same: the second can do the work of both.
 * const samples = { xs: [[1, 1], [2, 2], [-1, -1], [-3, -3]], ys: [1, 1, 0, 0] }
 * const { riseBefore, riseAfter } = await repairToLoss(model, mask, { samples })
 * if (riseAfter > riseBefore) throw new Error('the model of the loss foretells no harm')
 * const [first, second] = model.getWeights()[0]!.dataSync()
 * if (first !== 0 || second! < 1) throw new Error('the second weight grows')
 * ```
 */
export async function repairToLoss(
  model: LayersModel,
  mask: Mask,
  options: RepairToLossOptions,
): Promise<RepairedToLoss> {
  checkOptions(options, { task, checks })
  const own = copyOptions(options, checks)
  return whileBusy(
    model,
    async () => {
      const repair = await openRepair(model, mask, { task, suits: () => true })
      const { samples, signal } = own
      return withRepairSamples(model, { samples, need: 'gradient', signal }, (labelled) =>
        repair.run(() => refit(model, repair, { ...own, samples: labelled })),
      )
    },
    task,
  )
}

async function refit(
  model: LayersModel,
  { bound, dense, write }: Repair,
  { damping = DAMPING, ...pass }: RepairToLossOptions & SamplePass,
): Promise<RepairedToLoss> {
  const gradients = await lossGradients(model, { ...pass, bound, task })
  const { change, byMask, byRepair } = await fitToLoss(gradients, {
    damping,
    task,
    signal: pass.signal,
  })
  let at = 0
  const repaired = bound.map(({ masked, weight: { variable } }) => {
    const values = moved(masked, { dense: dense[masked.name]!, change, at })
    checkRepaired(values, { name: masked.name, task })
    at += masked.kept
    return { variable, values }
  })
  write(() => {
    for (const { variable, values } of repaired) assignValues(variable, values)
  })
  return { riseBefore: byMask, riseAfter: byRepair, dense }
}

interface Change {
  readonly dense: ArrayLike<number>
  readonly change: Float64Array
  /** Where the changes of this weight begin. */
  readonly at: number
}

/** The dense values with their change where they stay, and 0 elsewhere. */
function moved({ values: kept }: BoundWeight['masked'], { dense, change, at }: Change) {
  let next = at
  return Float32Array.from(kept, (stays, i) => (stays === 1 ? dense[i]! + change[next++]! : 0))
}
