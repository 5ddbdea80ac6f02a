import type { io } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { nameOfOther } from '../internal/check-model.js'
import { optionError } from '../internal/option-error.js'

/** A model that `loadGraphModel` of tfjs-converter gives, as far as it is asked for its weights. */
export interface GraphModelLike {
  /** Runs the graph; it is asked for as the sign of one, and never called. */
  readonly executeAsync: (...inputs: never[]) => Promise<unknown>
  /** Hands the artifacts that the model was loaded from to a handler. */
  readonly save: (handler: io.IOHandler) => Promise<io.SaveResult>
}

/**
 * A model whose weights are not held by layers: a `GraphModel`, a handler that loads a model, or
 * the artifacts that such a handler gives. Artifacts may be those of a LayersModel too, or weights
 * alone without a topology.
 */
export type ArtifactSource = GraphModelLike | io.IOHandler | io.ModelArtifacts

/** Where the weights of a model come from. */
export type ModelSource = LayersModel | ArtifactSource

/** Whether it is a model of layers, which are its weights' holders. */
export function isLayersModel(source: unknown): source is LayersModel {
  const model = Object(source) as Partial<LayersModel>
  return Array.isArray(model.layers) && Array.isArray(model.weights)
}

/** Whether it is a GraphModel: it has operations and can be saved. */
export function isGraphModel(source: unknown): source is GraphModelLike {
  const { executeAsync, save } = Object(source) as Partial<GraphModelLike>
  return typeof executeAsync === 'function' && typeof save === 'function'
}

/** Whether it is a handler that loads. */
export function isLoadHandler(source: unknown): source is Required<Pick<io.IOHandler, 'load'>> {
  return !isGraphModel(source) && typeof (Object(source) as io.IOHandler).load === 'function'
}

/** Whether it is artifacts that list weights. */
export function isArtifacts(source: unknown): source is io.ModelArtifacts {
  return Array.isArray((Object(source) as io.ModelArtifacts).weightSpecs)
}

/**
 * Throws a TypeError unless it is a source of weights. The message names what it is instead, and
 * the remedy.
 */
export function checkSource(source: unknown, task: string): asserts source is ModelSource {
  if (isLayersModel(source) && source.layers.length > 0) return
  if (isGraphModel(source) || isLoadHandler(source) || isArtifacts(source)) return
  const wanted = 'a LayersModel, a GraphModel, a handler that loads, or artifacts with weightSpecs'
  throw optionError(
    new TypeError(`Cannot ${task}: expected ${wanted}, got ${nameOfOther(source, 'source')}`),
  )
}
