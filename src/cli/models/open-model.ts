import type { io } from '@tensorflow/tfjs-core'
import { modelHandler } from './model-handler.js'
import { type ModelKind, modelKind } from './model-kind.js'

/** A saved model in memory. */
export interface OpenedModel {
  /** The place that it was read from, as it was given. */
  readonly place: string
  readonly kind: ModelKind
  readonly artifacts: io.ModelArtifacts
}

/** Reads a saved model of any kind from its place. */
export async function openModel(place: string): Promise<OpenedModel> {
  const { load } = await modelHandler(place)
  const artifacts = await load()
  return { place, kind: modelKind(artifacts), artifacts }
}
