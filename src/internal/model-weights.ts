import type { Variable } from '@tensorflow/tfjs-core'
import type { LayersModel, LayerVariable, layers } from '@tensorflow/tfjs-layers'
import type { WeightPlace } from '../types.js'
import { checkModel } from './check-model.js'
import { classNameOf } from './class-name.js'
import { wrappedLayers } from './wrapped-layers.js'

type Layer = layers.Layer

/** One weight of a model with its place in the tree of layers. */
export interface ModelWeight extends WeightPlace {
  /** Class name of the layer, that of the stock layer for a masking one. */
  readonly className: string
  /**
   * Training changes it: neither its layer nor a model around it is frozen. A variable's own flag
   * does not tell.
   */
  readonly trainable: boolean
  /** Its layer is frozen (`trainable: false`), or a model or wrapper around it. */
  readonly frozen: boolean
  readonly variable: Variable
  readonly owner: Layer
}

/**
 * All weights, layer by layer in the model's order, nested models and wrappers opened. A weight
 * that several layers or branches share appears once, under its first path. Names are made of layer
 * names, not of tfjs variable names: those are made unique per process, so that the same model
 * built twice has other names.
 */
export function modelWeights(model: LayersModel): ModelWeight[] {
  checkModel(model, 'read the weights')
  const weights: ModelWeight[] = []
  const seen = new Set<LayerVariable>()
  const trained = new Set(model.trainableWeights)
  const start = { prefix: '', frozen: !model.trainable }
  visitLayers(model.layers, start, (owner, layer, frozen) => {
    for (const variable of owner.weights) {
      if (seen.has(variable)) continue
      seen.add(variable)
      const role = uniqueRole(variable, layer, weights)
      const place = {
        name: `${layer}/${role}`,
        layer,
        role,
        shape: variable.shape as number[],
        className: classNameOf(owner),
        owner,
      }
      weights.push({
        ...place,
        trainable: trained.has(variable),
        frozen,
        variable: variable.read() as Variable,
      })
    }
  })
  return weights
}

/**
 * Number of parameters; `countParams()` counts those that a layer and a nested model share twice.
 */
export function countParameters(model: LayersModel): number {
  return modelWeights(model).reduce((sum, { variable }) => sum + variable.size, 0)
}

/** Calls `visit` on each layer that holds weights itself, with its path. */
export function visitLayers(
  layersOfModel: readonly Layer[],
  { prefix, frozen: around }: { prefix: string; frozen: boolean },
  visit: (layer: Layer, path: string, frozen: boolean) => void,
) {
  for (const layer of layersOfModel) {
    const path = prefix + layer.name
    const frozen = around || !layer.trainable
    const inner = innerLayers(layer)
    if (inner.length > 0) visitLayers(inner, { prefix: `${path}/`, frozen }, visit)
    visit(layer, path, frozen)
  }
}

/** Layers inside a nested model or a wrapper. */
function innerLayers(layer: Layer): readonly Layer[] {
  const { layers: nested } = layer as Layer & { readonly layers?: Layer[] }
  return Array.isArray(nested) ? nested : (wrappedLayers(layer)?.inner ?? [])
}

/** `kernel`, or `kernel_1` where a layer (stacked recurrent cells, say) has two of them. */
function uniqueRole(variable: LayerVariable, layer: string, found: readonly ModelWeight[]): string {
  const role = variable.originalName.split('/').at(-1)!
  const taken = (candidate: string) =>
    found.some((weight) => weight.name === `${layer}/${candidate}`)
  if (!taken(role)) return role
  let count = 1
  while (taken(`${role}_${count}`)) count++
  return `${role}_${count}`
}
