import type { LayersModel } from '@tensorflow/tfjs-layers'
import { countParameters, type ModelWeight, modelWeights } from '../internal/model-weights.js'
import { layoutOf } from '../layer-kinds/layout.js'
import { boundWeights } from '../masks/check-mask.js'
import { createMask, type Mask } from '../masks/mask.js'
import { type DeadUnits, deadUnits } from './dead-units.js'
import { silentChannels } from './silent-channels.js'
import { unitGrains } from './unit-grains.js'

/**
 * Adds the other weights of dead units to a mask: biases, and those weights of a batch
 * normalisation behind them that would make something of nothing.
 *
 * A unit is dead when the mask prunes all of its kernel. It then emits a constant,
 * activation(bias), which a convolution with padding behind it cannot do without unless it is 0.
 * With this mask it emits activation(0), which is 0 for linear, ReLU and tanh units, and `shrink`
 * removes it. Looks at Dense, convolutions, transposed, depthwise and separable ones, and at recurrent
 * layers, of which a unit is a cell: it is dead where all kernels of the layer are pruned. It follows the dead channels through activations, pooling, merging layers, nested models and
 * depthwise convolutions up to the next kernel: the bias of a depthwise convolution goes, and of a
 * batch normalisation gamma and beta, or what it has of them; one without a gamma loses its moving
 * mean. Channels that other units or calls feed too stay, and frozen weights unless the mask has dead units of frozen kernels. The outputs of a trained model change
 * by those constants: do it before retraining, as `prune` with `units()` does by itself.
 *
 * @param model The model that the mask is of.
 * @param mask Masks of kernels; one that has a bias already only loses places of it.
 * @returns The mask with the weights that go too, each at its own name; an equal mask where no unit
 *   is dead.
 * @throws {TypeError | RangeError} If the mask does not fit the model.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { computeMask, units, wholeUnits } from 'tfjs-prune'
 *
 * const hidden = layers.dense({ name: 'hidden', units: 4, inputShape: [3] })
 * const model = sequential({ layers: [hidden, layers.dense({ units: 2 })] })
 * const mask = await computeMask(model, {
 *   density: 0.5,
 *   granularity: units(),
 *   select: { include: 'hidden' },
 * })
 * const [kernel, bias] = wholeUnits(model, mask).weights
 * if (kernel!.kept !== 6 || bias!.name !== 'hidden/bias' || bias!.kept !== 2)
 *   throw new Error('two units of four')
 * ```
 */
export function wholeUnits(model: LayersModel, mask: Mask): Mask {
  const all = modelWeights(model)
  const bound = boundWeights(model, mask)
  const dead = deadUnits(
    all,
    bound.map(({ masked, weight }) => ({ weight, values: masked.values })),
  )
  const values = new Map(mask.weights.map((weight) => [weight.name, weight.values]))
  const added = new Map<string, ModelWeight>()
  for (const [follower, places] of followersOf(model, all, dead)) {
    if (!places.includes(1)) continue
    const { name } = follower
    const own = values.get(name)
    if (!own) added.set(name, follower)
    values.set(
      name,
      places.map((gone, place) => (own?.[place] ?? 1) & ~gone),
    )
  }
  const weights = [...mask.weights, ...added.values()].map(({ name, layer, role, shape }) => {
    return { name, layer, role, shape, values: values.get(name)! }
  })
  return createMask(weights, countParameters(model))
}

/** Shifts of the layers of dead units, wherever they are, and the weights behind them. */
function* followersOf(
  model: LayersModel,
  all: readonly ModelWeight[],
  dead: DeadUnits,
): Iterable<readonly [ModelWeight, Uint8Array]> {
  yield* silentChannels(model, all, dead).zeros
  for (const weight of all) {
    const units = dead.of.get(weight.owner)
    const canGo = weight.trainable || dead.areFrozen
    if (!units || !canGo || layoutOf(weight).use !== 'shift') continue
    const { count, of } = unitGrains(weight)
    if (count === units.length) yield [weight, Uint8Array.from(of, (unit) => units[unit]!)]
  }
}
