import { dispose, type Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { strip } from '../files/strip.js'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkSeed } from '../internal/check-seed.js'
import { modelWeights } from '../internal/model-weights.js'
import { anything, checkNotNegative } from '../internal/option-checks.js'
import { applyMask } from '../masks/apply-mask.js'
import { checkMask } from '../masks/check-mask.js'
import type { Mask } from '../masks/mask.js'
import { refuseBareMask } from '../masks/refuse-bare-mask.js'
import { cutModel, type Shrunk } from './cut-model.js'
import { graphOf } from './graph.js'
import { checkProbes, drawProbes, probeShapes } from './probe-inputs.js'
import { type Comparison, checkSameOutputs } from './same-outputs.js'

/** Options of {@link shrink}. */
export interface ShrinkOptions {
  /** Weights that count as 0. @default none: zeros are where the model has them */
  readonly mask?: Mask
  /**
   * Inputs that both models are compared on, one tensor an input; never disposed. @default a few
   * seeded samples
   */
  readonly probes?: Tensor | readonly Tensor[]
  /** Seed of the samples, a whole number. @default 0 */
  readonly seed?: number
  /** Largest difference of an output as a share of its largest value, at least 0. @default 1e-5 */
  readonly tolerance?: number
}

const checks: OptionChecks<ShrinkOptions> = {
  mask: anything,
  probes: anything,
  seed: checkSeed,
  tolerance: checkNotNegative,
}

/**
 * Makes a model smaller: takes away units, filters and channels that no weight reads, and those
 * that are constant because their own weights are 0. The outputs stay the same.
 *
 * A constant that the next layer reads moves into that layer's bias: sum of constant times weight,
 * through activation and batch norm, whose shift a dead channel emits. Where a convolution pads its
 * input this is not the same at the border, and the channel stays and is reported. Channels that
 * are added, multiplied or otherwise merged go together or not at all, as do those of shared layers
 * and of a nested model's calls. A cell of a recurrent layer goes when all weights that lead to it
 * and its bias are 0, so that it puts out 0 at every step. At least one channel of each layer
 * stays.
 *
 * | layers | effect |
 * |---|---|
 * | Dense, convolutions, transposed and separable ones | lose outputs, and inputs |
 * | Embedding | loses dimensions |
 * | DepthwiseConv2D, BatchNormalization, PReLU | lose the channels of their inputs |
 * | other activations, dropout, noise, pooling, padding, cropping, upsampling | pass the rest on |
 * | Flatten, Reshape, Permute and RepeatVector that leave the last axis in order | pass the rest on |
 * | Add, Average, Multiply, Maximum, Minimum, Concatenate, nested models | pass the rest on |
 * | classes known by `registerLayerKind` | as their kinds say |
 * | SimpleRNN, GRU, LSTM, ConvLSTM2D | lose cells, in all gates, and inputs |
 * | Bidirectional, TimeDistributed | as the layer within; both directions lose the same cells |
 * | softmax, LayerNormalization, RNN of given cells, unknown classes | stay, and are reported |
 * | recurrent layers that are given a state, or return theirs | stay, and are reported |
 * | layers whose channels come first | stay, and are reported |
 *
 * A mask that is spread over all units removes little: prune with the granularity `units`, so that
 * whole filters die. Of a convolution and a padded depthwise one behind it, prune the depthwise
 * one: the filters in front of it then go too. Inputs and outputs of the model keep their shapes;
 * optimizer state is lost. Both models are compared on `probes`, and a result that differs is
 * refused. The bias stands for the constants in inference: dropout and batch statistics would have
 * changed them in training.
 *
 * @param model Any LayersModel, also one with masking layers; it is not changed.
 * @param options Mask, probes and tolerance.
 * @returns The new model, of stock layers with their names, `trainable` and user-defined metadata,
 *   beside plain data; the caller disposes the model.
 * @throws {RangeError} If the outputs differ; the message names the first layer that does, which
 *   may be one of your own whose `getConfig` does not tell all its options. If a side of an input
 *   is not known and there are no probes, outputs are not finite, an option is out of range, or the
 *   mask does not fit.
 * @throws {TypeError} If a probe or the mask does not fit the model, an option is not known, a
 *   layer's class is not registered with tfjs, a layer with weights is shared between nested
 *   models, or two layers have one path.
 * @see {@link multiplyAdds} counts the operations of a model; the seconds are to be measured.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { computeMask, units } from 'tfjs-prune'
 * import { shrink } from 'tfjs-prune/shrink'
 *
 * const model = sequential({
 *   layers: [
 *     layers.conv2d({ name: 'conv', filters: 8, kernelSize: 3, inputShape: [8, 8, 1] }),
 *     layers.reLU(),
 *     layers.flatten(),
 *     layers.dense({ units: 2 }),
 *   ],
 * })
 * const mask = await computeMask(model, {
 *   density: 0.5,
 *   granularity: units(),
 *   select: { include: 'conv' },
 * })
 * const { model: small, parameters } = await shrink(model, { mask })
 * if (parameters.after !== 4 * 10 + 4 * 36 * 2 + 2) throw new Error('half of the filters stay')
 * small.dispose()
 * ```
 */
export async function shrink(model: LayersModel, options: ShrinkOptions = {}): Promise<Shrunk> {
  refuseBareMask(options, 'shrink the model')
  checkOptions(options, { task: 'shrink the model', checks })
  const { mask, seed = 0, tolerance = 1e-5 } = options
  const probes = options.probes && ([options.probes].flat() as Tensor[])
  if (mask) checkMask(model, mask)
  else modelWeights(model)
  if (probes) checkProbes(model, probes)
  const shapes = probeShapes(model, probes)
  const whole = strip(model)
  const drawn: Tensor[] = []
  try {
    if (!probes) drawn.push(...drawProbes(graphOf(whole, shapes), { shapes, seed }))
    const comparison = { probes: probes ?? drawn, tolerance }
    await checkCopy(model, whole, comparison)
    if (mask) applyMask(whole, mask)
    return await cutModel(whole, { ...comparison, shapes })
  } finally {
    dispose(drawn)
    whole.dispose()
  }
}

/** A layer whose config leaves out some of its options would be another one in every copy. */
async function checkCopy(
  model: LayersModel,
  whole: LayersModel,
  comparison: Comparison,
): Promise<void> {
  // Each prediction changes the states of such a model.
  if (model.stateful) return
  const what = 'a copy built from the config of each layer'
  await checkSameOutputs(model, whole, {
    ...comparison,
    what,
    passInfinite: true,
    keptOf: () => [],
  })
}
