import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkModel } from '../internal/check-model.js'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkOwn } from '../internal/lent-weights.js'
import { type ModelWeight, modelWeights } from '../internal/model-weights.js'
import { anything } from '../internal/option-checks.js'
import { readValues, type WeightValues } from '../internal/weight-values.js'
import { bindMask } from '../masks/check-mask.js'
import type { Mask } from '../masks/mask.js'
import { fingerprintOf } from './fingerprint.js'

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

/**
 * As {@link weightsFingerprint}, of values that were read before, by the names of the weights. The
 * mask of a masking layer is a weight of its own, named after the weight that it holds at 0.
 */
export function fingerprintOfValues(
  weights: readonly ModelWeight[],
  values: WeightValues,
  mask?: Mask,
): string {
  const given = new Map(mask?.weights.map((pruned) => [pruned.name, pruned.values]))
  const held = new Map<string, WeightValues[string]>()
  for (const { name, variable } of weights) {
    const weight = name.replace(/_mask$/, '')
    if (variable.dtype === 'bool' && weight !== name && values[weight])
      held.set(weight, values[name]!)
  }
  const read = weights
    .filter(({ name }) => !held.has(name.replace(/_mask$/, '')) || held.has(name))
    .map(({ name, shape }) => {
      const own = withZeros(withZeros(values[name]!, held.get(name)), given.get(name))
      return { name, shape, values: own }
    })
  return fingerprintOf(read)
}

/** A copy that is 0 where the mask is; without a mask, the values. */
function withZeros<T extends WeightValues[string]>(values: T, mask?: ArrayLike<number>): T {
  if (mask === undefined) return values
  return values.map((value, i) => (mask[i] === 0 ? 0 : value)) as T
}
