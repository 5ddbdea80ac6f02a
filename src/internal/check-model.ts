import type { LayersModel } from '@tensorflow/tfjs-layers'
import { describe } from './describe.js'
import { optionError } from './option-error.js'

/** A member by which something else is known that is taken for a model, its name and the remedy. */
const OTHERS = [
  ['then', 'a promise: await it'],
  ['executeAsync', 'a GraphModel, which has no layers: load the model it was converted from'],
  ['modelTopology', 'artifacts: load them, loadLayersModel(io.fromMemory(artifacts))'],
  ['class_name', 'the JSON of a model: build it, models.modelFromJSON(json)'],
  ['load', 'a handler: load its model, loadLayersModel(handler)'],
  ['sourceLayer', 'a symbolic tensor: call model({ inputs, outputs })'],
  ['getClassName', 'a layer: put it into a model'],
] as const

/**
 * Throws a TypeError unless it is a LayersModel that is built. The message names what it is
 * instead, and the remedy.
 */
export function checkModel(model: unknown, task: string): asserts model is LayersModel {
  const { layers } = Object(model) as Partial<LayersModel>
  const got = !Array.isArray(layers)
    ? nameOf(model)
    : layers.length === 0 && 'one without layers: add some, the first with an inputShape'
  if (got) throw optionError(new TypeError(`Cannot ${task}: expected a LayersModel, got ${got}`))
}

function nameOf(model: unknown): string {
  const found = OTHERS.find(([member]) => Object(model)[member] !== undefined)
  const remedy = typeof model === 'string' ? ': load its model, loadLayersModel(path)' : ''
  return found?.[1] ?? describe(model) + remedy
}
