import { type Tensor, tidy, type Variable } from '@tensorflow/tfjs-core'
import type { LayersModel, LayerVariable, layers } from '@tensorflow/tfjs-layers'
import { type ModelWeight, modelWeights } from '../internal/model-weights.js'
import { registeredKind } from '../layer-kinds/registered-kinds.js'
import { isMaskWeight } from './held-weights.js'

type Layer = layers.Layer

/**
 * Gives a weight of the new model its values, in its new shape; undefined copies those of the same
 * name.
 */
export type Renew = (weight: ModelWeight) => Tensor | undefined

/** Copies weights, `trainable` and user-defined metadata from one model to another. */
export function copyState(source: LayersModel, target: LayersModel, renew?: Renew): void {
  copyTrainable(source, target)
  const sources = new Map(modelWeights(source).map((weight) => [weight.name, weight]))
  for (const copy of modelWeights(target)) {
    if (isMaskWeight(copy)) continue
    const original = sources.get(copy.name)
    tidy(() => {
      const values = renew?.(copy) ?? original?.variable ?? stray(copy)
      checkShape(copy, values)
      // Not LayerVariable.write: it would apply the weight's constraint, which tfjs does not apply
      // in training.
      copy.variable.assign(values as Variable)
    })
    if (original) layerVariable(copy).trainable = layerVariable(original).trainable
  }
  const metadata = source.getUserDefinedMetadata()
  if (metadata) target.setUserDefinedMetadata(metadata)
}

function checkShape({ name, shape, className }: ModelWeight, { shape: own }: Tensor): void {
  if (shape.join() === own.join()) return
  const wanted = `expected a config that tells the shape [${own.join(', ')}] of ${name}`
  const hint = hidesMultiples(className) ? ', as tfjs saves no depthMultiplier' : ''
  throw new TypeError(
    `Cannot rebuild the model: ${wanted}, got [${shape.join(', ')}] of ${className}${hint}`,
  )
}

/** Whether the config of a layer class does not tell how many channels it makes of each. */
function hidesMultiples(className: string): boolean {
  const { weights = {}, sizes } = registeredKind(className) ?? {}
  const hasMultiples = Object.values(weights).some(({ axes }) => axes.includes('multiple'))
  return hasMultiples && sizes?.multiple === undefined
}

function stray({ layer }: ModelWeight): never {
  const wanted = 'expected each layer in one model or nested model'
  throw new TypeError(`Cannot rebuild the model: ${wanted}, got ${layer} shared by several`)
}

/** The configs of models do not tell whether they are trainable. */
function copyTrainable(source: Layer, target: Layer): void {
  if (target.trainable !== source.trainable) target.trainable = source.trainable
  for (const copy of layersIn(target)) {
    const original = layersIn(source).find(({ name }) => name === copy.name)
    if (original) copyTrainable(original, copy)
  }
}

/** The layers within a model; none within another layer. */
export function layersIn(layer: Layer): readonly Layer[] {
  return (layer as { layers?: Layer[] }).layers ?? []
}

function layerVariable({ owner, variable }: ModelWeight): LayerVariable {
  return owner.weights.find((weight) => weight.read() === variable)!
}
