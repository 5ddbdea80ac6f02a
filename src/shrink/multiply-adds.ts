import type { LayersModel, layers } from '@tensorflow/tfjs-layers'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { containerOf, nestedIn } from '../internal/model-graph.js'
import { anything } from '../internal/option-checks.js'
import type { Mask } from '../masks/mask.js'
import { refuseBareMask } from '../masks/refuse-bare-mask.js'
import { inputShapesOf } from './input-shapes.js'
import { kernelSizes, type LayerMultiplyAdds } from './kernel-sizes.js'
import { innerCalls, positionsOf } from './positions.js'
import { type WalkedCall, walkCalls } from './walk-calls.js'

type Layer = layers.Layer

/** Multiply-adds of a model for one sample. */
export interface MultiplyAdds extends Omit<LayerMultiplyAdds, 'layer'> {
  /** The layers that have kernels, in the model's order. */
  readonly layers: readonly LayerMultiplyAdds[]
}

/** Options of {@link multiplyAdds}. */
export interface MultiplyAddsOptions {
  /** Weights that count as 0. @default none: zeros are where the model has them */
  readonly mask?: Mask
  /**
   * Shape of each input without the batch; needed where the model leaves a side open. @default as
   * the model says
   */
  readonly shapes?: readonly (readonly number[])[]
}

const checks: OptionChecks<MultiplyAddsOptions> = { mask: anything, shapes: anything }

/**
 * Counts the multiplications of a model's kernels for one sample: places times elements of the
 * kernel.
 *
 * Places are those of the output for dense layers and convolutions, those of the input for
 * transposed ones, time steps for recurrent layers. A layer that is called several times counts
 * each time; nested models and wrappers are opened. Biases, normalisation, pooling, look-ups in an
 * embedding and layer classes that are not known do not count; products with the padding of a
 * convolution do. `nonZero` counts the work of a sparse backend: the stock ones compute all of
 * `dense`, whatever is 0.
 *
 * @param model Any LayersModel; it is not changed.
 * @param options A mask, and shapes for a model that leaves some open.
 * @returns Whole numbers in all and by layer; plain data.
 * @throws {RangeError} If a side of an input is not known, or the mask names a weight that the
 *   model lacks.
 * @throws {TypeError} If a shape or the mask does not fit the model, or an option is not known.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { computeMask } from 'tfjs-prune'
 * import { multiplyAdds } from 'tfjs-prune/shrink'
 *
 * const conv = layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [8, 8, 1] })
 * const model = sequential({ layers: [conv, layers.flatten(), layers.dense({ units: 2 })] })
 * const mask = await computeMask(model, { density: 0.5 })
 * const { dense, nonZero } = await multiplyAdds(model, { mask })
 * if (dense !== 36 * 36 + 144 * 2 || nonZero !== dense / 2)
 *   throw new Error('36 places of 36 weights, and 288')
 * ```
 */
export async function multiplyAdds(
  model: LayersModel,
  options: MultiplyAddsOptions = {},
): Promise<MultiplyAdds> {
  refuseBareMask(options, 'count multiply-adds')
  checkOptions(options, { task: 'count multiply-adds', checks })
  const sizes = await kernelSizes(model, options.mask)
  const shapes = inputShapesOf(model, options.shapes)
  const places = new Map<Layer, number>()
  const visit = (call: WalkedCall, times: number) => {
    const nested = nestedIn(call.layer)
    const walker = { call: (inner: WalkedCall) => visit(inner, times) }
    if (nested) walkCalls(nested, call.inputShapes, walker)
    for (const inner of innerCalls(call)) visit(inner.call, times * inner.times)
    places.set(call.layer, (places.get(call.layer) ?? 0) + times * positionsOf(call))
  }
  walkCalls(containerOf(model), shapes, { call: (call) => visit(call, 1) })
  const counted = sizes
    .map(({ owner, ...size }) => ({ ...size, places: places.get(owner) ?? 0 }))
    .filter((size) => size.places > 0)
    .map(({ layer, dense, nonZero, places: times }) => ({
      layer,
      dense: dense * times,
      nonZero: nonZero * times,
    }))
  const sum = (of: 'dense' | 'nonZero') => counted.reduce((total, layer) => total + layer[of], 0)
  return { dense: sum('dense'), nonZero: sum('nonZero'), layers: counted }
}
