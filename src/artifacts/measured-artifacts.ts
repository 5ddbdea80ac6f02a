import type { io } from '@tensorflow/tfjs-core'
import type { Evaluation } from '../types.js'
import { type ArtifactSource, type GraphModelLike, isGraphModel } from './model-source.js'
import { readArtifacts } from './read-artifacts.js'

/**
 * The model that an evaluation of a source is given: a GraphModel of the same class, or artifacts,
 * also where a handler loads them.
 */
export type MeasuredArtifacts<S extends ArtifactSource> = S extends GraphModelLike
  ? S
  : io.ModelArtifacts

/** Measures a model that has no layers: a function of one's own. */
export type EvaluateArtifacts<S extends ArtifactSource = ArtifactSource> = (
  model: MeasuredArtifacts<S>,
) => Evaluation | Promise<Evaluation>

/** Ways to measure a source: as it stands, and with the weights of other artifacts. */
export interface MeasuredSource {
  readonly original: () => Promise<Evaluation>
  readonly loaded: (load: () => Promise<io.ModelArtifacts>) => Promise<Evaluation>
}

/** The ways to measure a source without layers. */
export function measuredArtifacts<S extends ArtifactSource>(
  source: S,
  evaluate: EvaluateArtifacts<S>,
  task: string,
): MeasuredSource {
  const own = evaluate as (model: unknown) => Evaluation | Promise<Evaluation>
  if (!isGraphModel(source)) {
    return {
      original: async () => own(await readArtifacts(source, task)),
      loaded: async (load) => own(await load()),
    }
  }
  return {
    original: async () => own(source),
    loaded: async (load) => {
      // tfjs-converter itself is not imported.
      const graph = new (source.constructor as GraphClass)({ load })
      await graph.load()
      try {
        return await own(graph)
      } finally {
        graph.dispose()
      }
    },
  }
}

/** A model of the class of a GraphModel. */
type Graph = GraphModelLike & { readonly load: () => unknown; readonly dispose: () => void }
type GraphClass = new (handler: io.IOHandler) => Graph
