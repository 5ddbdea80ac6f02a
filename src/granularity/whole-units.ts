import type { LayersModel } from '@tensorflow/tfjs-layers'
import { containerOf } from '../internal/model-graph.js'
import { countParameters, type ModelWeight, modelWeights } from '../internal/model-weights.js'
import type { WeightUse } from '../layer-kinds/layer-kind.js'
import { isTable, kindWeight, layoutOf, makesOutputs } from '../layer-kinds/layout.js'
import { normsBehind } from '../layer-kinds/norms-behind.js'
import { registeredKind } from '../layer-kinds/registered-kinds.js'
import { unitAxes } from '../layer-kinds/weight-axes.js'
import { boundWeights } from '../masks/check-mask.js'
import { createMask, type Mask } from '../masks/mask.js'
import { grainMask } from './grain-mask.js'
import { groupAlong } from './group-along.js'

/**
 * Adds the other weights of dead units to a mask: bias, and gamma and beta of the batch
 * normalisation behind.
 *
 * A unit is dead when the mask prunes all of its kernel. It then emits a constant,
 * activation(bias), which a convolution with padding behind it cannot do without unless it is 0.
 * With this mask it emits activation(0), which is 0 for linear, ReLU and tanh units, and `shrink`
 * removes it. Looks at Dense, convolutions, transposed, depthwise and separable ones; a batch
 * normalisation counts where it alone takes in all outputs of the layer, and has both a gamma and a
 * beta. Recurrent layers and frozen weights stay as they are. The outputs of a trained model
 * change by those constants: do it before retraining, as `prune` with `units()` does by itself.
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
  const bound = boundWeights(model, mask)
  const all = modelWeights(model)
  const values = new Map(mask.weights.map((weight) => [weight.name, weight.values]))
  const added = new Map<string, ModelWeight>()
  for (const { masked, weight } of bound) {
    if (masked.kept === masked.values.length || !hasOwnUnits(weight)) continue
    const alive = aliveUnits(weight, masked.values)
    if (!alive.includes(0)) continue
    for (const follower of followersOf(weight, { model, all, count: alive.length })) {
      const own = values.get(follower.name) ?? new Uint8Array(alive.length).fill(1)
      if (!values.has(follower.name)) added.set(follower.name, follower)
      values.set(
        follower.name,
        own.map((value, unit) => value & alive[unit]!),
      )
    }
  }
  const weights = [...mask.weights, ...added.values()].map(({ name, layer, role, shape }) => {
    return { name, layer, role, shape, values: values.get(name)! }
  })
  return createMask(weights, countParameters(model))
}

/**
 * Whether units of the weight are the outputs of its layer, one constant each once they are dead.
 */
function hasOwnUnits(weight: ModelWeight): boolean {
  const kind = registeredKind(weight.className)
  if (!kind || kind.recurrent || kindWeight(kind, weight.role)?.use !== 'kernel') return false
  return makesOutputs(weight) && !isTable(layoutOf(weight))
}

function aliveUnits(weight: ModelWeight, values: Uint8Array): Uint8Array {
  return grainMask(values, groupAlong(weight.shape, unitAxes(weight)))
}

interface Surroundings {
  readonly model: LayersModel
  readonly all: readonly ModelWeight[]
  /** Number of units. */
  readonly count: number
}

/** Shifts of a kernel's layer, and scale and shift of the normalisation behind it. */
function followersOf(kernel: ModelWeight, { model, all, count }: Surroundings): ModelWeight[] {
  const fits = ({ shape, trainable }: ModelWeight) =>
    trainable && shape.length === 1 && shape[0] === count
  const of = (owner: ModelWeight['owner'] | undefined, uses: readonly WeightUse[]) =>
    all.filter((weight) => weight.owner === owner && uses.includes(layoutOf(weight).use))
  const [norm, ...others] = new Set(normsBehind(containerOf(model), kernel.owner))
  const isShared = norm?.inboundNodes.some(({ inboundLayers }) =>
    inboundLayers.some((from) => from !== kernel.owner),
  )
  const affine = of(norm, ['scale', 'shift'])
  const isWhole = others.length === 0 && !isShared && affine.length === 2 && affine.every(fits)
  return [...of(kernel.owner, ['shift']).filter(fits), ...(isWhole ? affine : [])]
}
