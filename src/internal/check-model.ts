import type { LayersModel } from '@tensorflow/tfjs-layers'
import { describe } from './describe.js'
import { optionError } from './option-error.js'
import { refuseDisposed } from './refuse-disposed.js'

/** The ways in which models are taken: a model of layers, or anything that has weights. */
type Wanted = 'layers' | 'source'

const TAKEN = '; pruneWeights and tfjs-prune/files take these as they are'

/** A member by which something else is known that is taken for a model, its name and the remedy. */
const OTHERS = [
  ['then', 'a promise: await it'],
  [
    'executeAsync',
    `a GraphModel, which has no layers: load the model before its conversion${TAKEN}`,
  ],
  ['modelTopology', `artifacts: load them, loadLayersModel(io.fromMemory(artifacts))${TAKEN}`],
  ['class_name', 'the JSON of a model: build it, models.modelFromJSON(json)'],
  ['load', 'a handler: load its model, loadLayersModel(handler)'],
  ['sourceLayer', 'a symbolic tensor: call model({ inputs, outputs })'],
  ['getClassName', 'a layer: put it into a model'],
  ['resumeAt', 'the context of a training: hand this function to evaluate, not to train'],
] as const

/**
 * Throws a TypeError unless it is a LayersModel that is built and not disposed of. The message names
 * the thing that it is instead, and the remedy.
 */
export function checkModel(model: unknown, task: string): asserts model is LayersModel {
  const given = Object(model) as Partial<LayersModel>
  const { layers } = given
  // The weights of a GraphModel cannot be read before it is loaded.
  if (Array.isArray(layers) && layers.length > 0 && Array.isArray(given.weights))
    return refuseDisposed(model as LayersModel, task)
  const got = nameOfOther(model, 'layers')
  throw optionError(new TypeError(`Cannot ${task}: expected a LayersModel, got ${got}`))
}

/** The name of something that is no model, and how to get one from it. */
export function nameOfOther(model: unknown, wanted: Wanted): string {
  const { layers } = Object(model) as Partial<LayersModel>
  if (Array.isArray(layers))
    return layers.length > 0
      ? 'an object with layers and no weights, such as a configuration: make a model of it'
      : 'one without layers: add some, the first with an inputShape'
  const found = OTHERS.find(([member]) => Object(model)[member] !== undefined)
  if (wanted === 'source' && found?.[0] === 'modelTopology')
    return 'artifacts without weightSpecs: hand on all that the handler loaded'
  if (found) return found[1]
  if (typeof model !== 'string') return describe(model)
  const remedy =
    wanted === 'layers' ? 'load its model, loadLayersModel(path)' : 'take fileHandler(path)'
  return `${describe(model)}: ${remedy}`
}
