import type { io } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import {
  type ArtifactSource,
  type GraphModelLike,
  isGraphModel,
  isLayersModel,
  type ModelSource,
} from '../../artifacts/model-source.js'
import { readArtifacts } from '../../artifacts/read-artifacts.js'
import type { Evaluate, Evaluation } from '../../types.js'
import type { StoredModel } from './stored-model.js'
import { keepingWeights, withStored } from './with-stored.js'

/**
 * The model that is measured for a source: a LayersModel itself, a GraphModel of the same class, or
 * artifacts, also where a handler gives them.
 */
export type MeasuredModel<S extends ModelSource> = S extends LayersModel
  ? LayersModel
  : S extends GraphModelLike
    ? S
    : io.ModelArtifacts

/** Measures a model of a source: as `evaluateOn` does for layers, or a function of one's own. */
export type EvaluateSource<S extends ModelSource> = S extends LayersModel
  ? Evaluate
  : (model: MeasuredModel<S>) => Evaluation | Promise<Evaluation>

/** A source that can be measured as it stands, and with the weights that a file gives back. */
export interface MeasuredSource {
  readonly original: () => Promise<Evaluation>
  readonly stored: (model: StoredModel) => Promise<Evaluation>
}

/** The ways to measure a source. */
export function measuredSource<S extends ModelSource>(
  source: S,
  evaluate: EvaluateSource<S>,
  task: string,
): MeasuredSource {
  if (isLayersModel(source)) return ofLayers(source, evaluate as Evaluate)
  const own = evaluate as (model: unknown) => Evaluation | Promise<Evaluation>
  if (isGraphModel(source)) {
    return {
      original: async () => own(source),
      stored: (model) => withGraph(source, model, async (graph) => own(graph)),
    }
  }
  return {
    original: async () => own(await readArtifacts(source as ArtifactSource, task)),
    stored: async ({ load }) => own(await load()),
  }
}

function ofLayers(model: LayersModel, evaluate: Evaluate): MeasuredSource {
  const measure = async () => evaluate(model)
  const checked = async () => {
    await evaluate.check?.(model)
    return measure()
  }
  return {
    original: () => keepingWeights(model, checked),
    stored: (stored) => withStored(model, stored, measure),
  }
}

/** A loader of the class of a GraphModel. */
type Graph = GraphModelLike & { readonly load: () => unknown; readonly dispose: () => void }
type GraphClass = new (handler: io.IOHandler) => Graph

/** Runs work on a graph that is loaded from a file; tfjs-converter itself is not imported. */
async function withGraph<T>(
  { constructor: own }: GraphModelLike,
  { load }: StoredModel,
  work: (graph: GraphModelLike) => Promise<T>,
): Promise<T> {
  const graph = new (own as GraphClass)({ load })
  await graph.load()
  try {
    return await work(graph)
  } finally {
    graph.dispose()
  }
}
