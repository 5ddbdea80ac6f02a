import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkModel } from '../internal/check-model.js'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkOwn } from '../internal/lent-weights.js'
import { type ModelWeight, modelWeights } from '../internal/model-weights.js'
import { anything } from '../internal/option-checks.js'
import { readValues, type WeightValues } from '../internal/weight-values.js'
import { bindMask } from '../masks/check-mask.js'
import type { Mask } from '../masks/mask.js'
import { fingerprintWithMasks, withZeros } from './fingerprint-with-masks.js'

/** Options of {@link weightsFingerprint}. */
export interface WeightsFingerprintOptions {
  /** Weights that it prunes count as 0. @default none */
  readonly mask?: Mask | undefined
}

const task = 'take the fingerprint'
const checks: OptionChecks<WeightsFingerprintOptions> = { mask: anything }

/**
 * The fingerprint of a model's weights: 64 bits of their names, shapes and values.
 *
 * A certificate of `certify` and of `certifyFiles` names that of the network it was made for. -0
 * counts as +0, and weights that masking layers hold at 0 count as 0, so that a model and its file
 * of `saveCompressed` in `float32` have the same. It tells mix-ups; it is no signature.
 *
 * @param model Any LayersModel.
 * @param options A mask that fits it.
 * @returns 16 hexadecimal digits.
 * @throws {TypeError} If `model` is no model.
 * @throws {TypeError | RangeError} If the mask does not fit the model.
 *
 * @example
 * ```ts
 * import { add } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { weightsFingerprint } from 'tfjs-prune/certify'
 *
 * const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [4] })] })
 * const before = await weightsFingerprint(model)
 * if ((await weightsFingerprint(model)) !== before) throw new Error('the same weights')
 * model.setWeights(model.getWeights().map((weight) => add(weight, 1)))
 * if ((await weightsFingerprint(model)) === before) throw new Error('other weights')
 * ```
 */
export async function weightsFingerprint(
  model: LayersModel,
  options: WeightsFingerprintOptions = {},
): Promise<string> {
  checkModel(model, task)
  checkOptions(options, { task, checks })
  const { mask } = options
  const weights = modelWeights(model)
  if (mask !== undefined) bindMask(weights, mask)
  checkOwn(model, task)
  return fingerprintOfValues(weights, await readValues(weights), mask)
}

/** As {@link weightsFingerprint}, at once: it waits for the device. */
export function weightsFingerprintNow(model: LayersModel): string {
  const weights = modelWeights(model)
  const values = weights.map(({ name, variable }) => [name, variable.dataSync()])
  return fingerprintOfValues(weights, Object.fromEntries(values))
}

/** As {@link weightsFingerprint}, of values that were read before, by the names of the weights. */
export function fingerprintOfValues(
  weights: readonly ModelWeight[],
  values: WeightValues,
  mask?: Mask,
): string {
  const given = new Map(mask?.weights.map((pruned) => [pruned.name, pruned.values]))
  const read = weights.map((weight) => {
    const { name, shape, variable } = weight
    const own = withZeros(values[name]!, given.get(name))
    return { name: savedName(weight), shape, dtype: variable.dtype, values: own }
  })
  return fingerprintWithMasks(read)
}

/** The name in a file, which leaves out models and layers around the layer of the weight. */
function savedName({ owner, variable, name }: ModelWeight): string {
  return owner.weights.find((one) => one.read() === variable)?.originalName ?? name
}
