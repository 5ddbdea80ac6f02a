import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkOwn } from '../../internal/lent-weights.js'
import { modelWeights } from '../../internal/model-weights.js'
import { refuseDisposed } from '../../internal/refuse-disposed.js'
import { sizeOf } from '../../internal/size-of.js'
import { stripMasks } from '../../layers/strip-masks.js'
import type { Elements } from './elements.js'
import { artifactsWithoutWeights } from './model-parts.js'
import type { OpenedModel, SavedWeight } from './opened-model.js'

/**
 * Opens a model of layers: a copy without masking layers, which shares its values with the model
 * until that is trained.
 */
export async function openLayers(
  model: LayersModel,
  task: string,
): Promise<Omit<OpenedModel, 'mask'>> {
  refuseDisposed(model, task)
  checkOwn(model, task)
  const plain = stripMasks(model)
  const close = () => void plain.dispose()
  try {
    const weights = savedWeights(plain, task)
    const parts = await artifactsWithoutWeights(plain)
    const variables = new Map(weights.map((weight, i) => [weight, plain.weights[i]!]))
    const valuesOf = async (weight: SavedWeight) =>
      (await variables.get(weight)!.read().data()) as Elements
    return { parts, weights, valuesOf, quantised: () => undefined, close }
  } catch (error) {
    close()
    throw error
  }
}

/**
 * The weights of a model in the order in which `model.save` stores them. Throws where two would
 * have one name in the file: `loadLayersModel` could not tell them apart.
 */
function savedWeights(model: LayersModel, task: string): SavedWeight[] {
  const places = new Map(modelWeights(model).map((weight) => [weight.variable as unknown, weight]))
  const names = new Set<string>()
  return model.weights.map((variable) => {
    const { originalName: savedName, dtype } = variable
    if (names.has(savedName)) {
      const wanted =
        'expected layer names that differ, also in nested models, so that the file can be loaded'
      throw new RangeError(`Cannot ${task}: ${wanted}, got ${savedName} twice`)
    }
    names.add(savedName)
    const { name, layer, role, shape, owner } = places.get(variable.read())!
    const className = owner.getClassName()
    const narrows = shape.length > 1 ? 'by default' : 'on request'
    return { name, layer, role, shape, size: sizeOf(shape), className, dtype, savedName, narrows }
  })
}
